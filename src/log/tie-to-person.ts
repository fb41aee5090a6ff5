import type { LogDraft } from "./draft.ts";
import { textOf } from "./label.ts";

/**
 * By what the row of a request is found when a person is erased: the user's id, or else its label, the one name the
 * request asks for. What a row says of several people cannot be found again, so it is not kept.
 */
interface Tie {
  label: string | null;
  /** The row may speak of people that it would not be found by: what was sent is left out. */
  isLoose: boolean;
  /** So is what was asked. */
  hidesQuery: boolean;
  /** Keys of bodies whose values are left out. */
  omitted: ReadonlySet<string>;
}

const NOTHING: ReadonlySet<string> = new Set();
/** What groups and lists of operations say of people besides their ids. */
const IN_GROUPS: ReadonlySet<string> = new Set(["display"]);
const IN_BULK: ReadonlySet<string> = new Set(["data", "display", "bulkid"]);
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

/** How a request's row is tied to the person it is about; `filter` is that of its query. */
export function tieToPerson({
  isBulk,
  filter,
  draft,
}: {
  isBulk: boolean;
  filter: string | null;
  draft: LogDraft;
}): Tie {
  const { resourceType, resourceId, label, requestBody } = draft;
  if (isBulk) return { label, isLoose: false, hidesQuery: false, omitted: IN_BULK };
  const omitted = resourceType === "Group" ? IN_GROUPS : NOTHING;
  const asked = filter ?? textOf(requestBody, "filter");
  if (resourceId !== null && (label !== null || asked === null))
    return { label, isLoose: false, hidesQuery: false, omitted };
  if (asked === null) return { label, isLoose: resourceType !== "Group" && label === null, hidesQuery: false, omitted };
  const name = nameAsked(asked);
  return { label: label ?? name, isLoose: name === null, hidesQuery: name === null, omitted };
}

/** The name that a filter looks for with one `eq`, as identity providers do; null for every other filter. */
function nameAsked(filter: string): string | null {
  const form =
    /^\s*([\w:.-]+?)(?:\[\s*type\s+eq\s+"\w*"\s*\])?(?:\.value)?\s+eq\s+("(?:[^"\\]|\\.)+"|[^\s"()[\]]+)\s*$/i;
  const [, attribute = "", name = ""] = form.exec(filter) ?? [];
  if (!FINDABLE.has(attribute.split(":").at(-1)?.toLowerCase() ?? "")) return null;
  return name.startsWith('"') ? unquote(name) : name;
}

function unquote(quoted: string): string | null {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return null;
  }
}
