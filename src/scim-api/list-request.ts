import { selectMappedExtensions, walkKnownExtensions } from "../directory/mapped-extensions.ts";
import type { ResourceName } from "../directory/resource-tables.ts";
import { ScimError } from "../scim/errors.ts";
import type { JsonObject } from "../scim/json.ts";
import { type ListQuery, parseListQuery } from "../scim/list/list-query.ts";
import { type ExtraExtension, resourceTypes } from "../scim/schema/resource-types.ts";
import type { ResourceType } from "../scim/schema/schema.ts";
import { readLive } from "./check-live-credential.ts";
import { readUnindexed } from "./read-unindexed.ts";
import type { DoorContext } from "./scim-context.ts";

/** A list query with the resource types it asks about. */
export interface ListRequest {
  query: ListQuery;
  /** Of several, an attribute that one of them lacks has no value there (RFC 7644 section 3.4.3). */
  types: ResourceType[];
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
    const text = sent instanceof URLSearchParams ? sent.toString() : JSON.stringify(sent);
    if (!(error instanceof ScimError) || !/urn(:|%3a)/i.test(text)) throw error;
    const { settingKey } = c.get("identity");
    const { value: mapped } = await readLive(c, selectMappedExtensions(settingKey));
    const read = tryParse(names, sent, mapped);
    if (read !== null) return read;
    const known = await readUnindexed(c, HELD_ONLY, (reads) => walkKnownExtensions(settingKey, reads));
    return parse(names, sent, known);
  }
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
