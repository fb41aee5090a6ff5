import type { LogDraft } from "./log-draft.ts";
import { textOf } from "./name-in-log-row.ts";
import { DISGUISED } from "./protocol-words.ts";

/**
 * By what the row of a request is found when a person is erased: the user's id, or else its label, the one name the request
 * asks for or sends. What a row says of others could not be found again, so it is not kept.
 */
interface Tie {
  label: string | null;
  /** What was sent and answered is all about the user whose id the row has, or will have. */
  isById: boolean;
  /** The filter, where it asks for what the row is found by; null for none, and for one that is not kept. */
  filter: string | null;
}

/** The longest name that a row is found by, in characters: it stands in an index. */
const LONGEST_LABEL = 1_024;

/** The attributes, lower case, by whose values the rows of an erased person are found. */
const FINDABLE: ReadonlySet<string> = new Set([
  "username",
  "externalid",
  "displayname",
  "emails",
  "id",
  "members",
  "groups",
]);

/**
 * How a request's row is tied to the person it is about; `filter` is that of a list's query, `makes` says that it makes a
 * user, `isSearch` that its body may have a filter. Who is found by a filter bears the name; of anything else a filter says nothing.
 */
export function tieToPerson({
  isBulk,
  makes,
  isSearch,
  filter,
  draft,
}: {
  isBulk: boolean;
  makes: boolean;
  isSearch: boolean;
  filter: string | null;
  draft: LogDraft;
}): Tie {
  const { resourceType, resourceId, requestBody } = draft;
  if (isBulk) return { label: null, isById: false, filter: null };
  const isById = resourceType === "User" && (resourceId !== null || makes);
  const label = draft.label !== null && (isById || isName(draft.label)) ? draft.label : null;
  const asked = filter ?? (isSearch ? textOf(requestBody, "filter") : null);
  const name = asked === null ? null : nameAsked(asked);
  // A list that showed one user is about that one, whichever of its names was asked for.
  const isTied = name !== null && (isById || label === null || label === name);
  return { label: label ?? (isTied ? name : null), isById, filter: isTied ? asked : null };
}

/** The name that a filter looks for with one `eq`, as identity providers do; null for every other filter. */
function nameAsked(filter: string): string | null {
  if (filter.length > 2 * LONGEST_LABEL) return null;
  const form =
    /^\s*([\w:.-]+?)(?:\[\s*type\s+eq\s+"\w*"\s*\])?(?:\.value)?\s+eq\s+("(?:[^"\\]|\\.)+"|[^\s"()[\]]+)\s*$/i;
  const [, attribute = "", name = ""] = form.exec(filter) ?? [];
  if (!FINDABLE.has(attribute.split(":").at(-1)?.toLowerCase() ?? "")) return null;
  const text = name.startsWith('"') ? unquote(name) : name;
  return text !== null && isName(text) ? text : null;
}

/**
 * Whether a text can be what somebody is called as a whole, so that a row is found by it: a name or an address with anything
 * around it, white space included, or in disguise, is none.
 */
function isName(text: string): boolean {
  if (text.length > LONGEST_LABEL || text !== text.trim() || DISGUISED.test(text)) return false;
  return !text.includes("@") || /^[^\s<>()[\]\\,;:"@]+@[^\s<>()[\]\\,;:"@]+$/.test(text);
}

function unquote(quoted: string): string | null {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return null;
  }
}
