import { selectMappedExtensions, walkKnownExtensions } from "../directory/mapped-extensions.ts";
import type { ResourceName } from "../directory/resource-tables.ts";
import type { JsonObject } from "../scim/json.ts";
import { type ListQuery, parseListQuery } from "../scim/list/list-query.ts";
import { type ExtraExtension, resourceTypes } from "../scim/schema/resource-types.ts";
import type { ResourceType } from "../scim/schema/schema.ts";
import { ScimError } from "../scim/scim-error.ts";
import { readLive } from "./check-live-credential.ts";
import { readUnindexed } from "./read-unindexed.ts";
import type { DoorContext } from "./scim-context.ts";

/** A list query with the resource types it asks about. */
export interface ListRequest {
  query: ListQuery;
  /** Of several, an attribute that one of them lacks has no value there (RFC 7644 section 3.4.3). */
  types: ResourceType[];
  /** Of a query that was read as if the extensions it names were mapped: whether they are is found out along with its page. */
  guess?: {
    isRight(mapped: readonly ExtraExtension[]): boolean;
    /** The query as it has to be read where the guess is wrong, given what is mapped. */
    readAgain(mapped: ExtraExtension[]): Promise<ListRequest>;
  };
}

/**
 * Reads the query of a list or search. An extension whose URN is not spelt as those of RFC 7643 section 3.3 is known only to
 * settings that map a field to it or hold it: when a query with a URN cannot be read without, they are looked up, those
 * that are only held within the company's share of the database.
 */
export async function readListRequest(
  c: DoorContext,
  names: readonly ResourceName[],
  sent: URLSearchParams | JsonObject,
): Promise<ListRequest> {
  try {
    return parse(names, sent, undefined);
  } catch (error) {
    const text = (sent instanceof URLSearchParams ? [...sent.values()] : [JSON.stringify(sent)]).join("\n");
    if (!(error instanceof ScimError) || !/urn:/i.test(text)) throw error;
    const named = extensionsNamedIn(text);
    const guessed = tryParse(names, sent, named);
    const readAgain = (mapped: ExtraExtension[]) => readByKnown(c, names, sent, mapped);
    // A cursor is of the query as it was read for the page before.
    if (guessed !== null && (guessed.query.cursor ?? "") === "")
      return { ...guessed, guess: { isRight: (mapped) => isMapped(named, mapped), readAgain } };
    const { value: mapped } = await readLive(c, selectMappedExtensions(c.get("identity").settingKey));
    return readAgain(mapped);
  }
}

/** The attributes of extensions that a text seems to name. */
function extensionsNamedIn(text: string): ExtraExtension[] {
  return Array.from(text.matchAll(/(urn:[\w.:-]+):([$A-Za-z][\w$-]*)/gi), ([, urn = "", name = ""]) => ({
    urn,
    attributes: [{ name }],
  }));
}

function isMapped(named: readonly ExtraExtension[], mapped: readonly ExtraExtension[]): boolean {
  return named.every(({ urn, attributes }) =>
    mapped.some((one) => one.urn === urn && one.attributes.some(({ name }) => name === attributes[0]?.name)),
  );
}

async function readByKnown(
  c: DoorContext,
  names: readonly ResourceName[],
  sent: URLSearchParams | JsonObject,
  mapped: ExtraExtension[],
): Promise<ListRequest> {
  const read = tryParse(names, sent, mapped);
  if (read !== null) return read;
  const { settingKey } = c.get("identity");
  const known = await readUnindexed(c, HELD_ONLY, (reads) => walkKnownExtensions(settingKey, reads));
  return parse(names, sent, known);
}

const HELD_ONLY = {
  what: "No index answers whether somebody here has the extension that the request names",
  quick: "At any time: extensions that a field of the SCIM setting is mapped to.",
};

function tryParse(
  names: readonly ResourceName[],
  sent: URLSearchParams | JsonObject,
  extensions: ExtraExtension[],
): ListRequest | null {
  try {
    return parse(names, sent, extensions);
  } catch (error) {
    if (error instanceof ScimError) return null;
    throw error;
  }
}

function parse(
  names: readonly ResourceName[],
  sent: URLSearchParams | JsonObject,
  extensions: ExtraExtension[] | undefined,
): ListRequest {
  const known = resourceTypes(extensions);
  const types = names.map((name) => known[name]);
  const [queried = known.User, ...others] = types;
  return { query: parseListQuery(queried, sent, others), types };
}
