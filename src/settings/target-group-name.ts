import type { Note } from "../scim/note.ts";

/** A target group's name has at most this many characters (Unicode code points), outer white space not counted. */
export const GROUP_NAME_LIMIT = 256;

/** Characters of a name that a note shows. */
const SHOWN = 60;

/** Whether a name is within the limit of GROUP_NAME_LIMIT characters. */
export function isGroupName(name: string): boolean {
  const text = name.trim();
  if (text.length <= GROUP_NAME_LIMIT) return true;
  return text.length <= 2 * GROUP_NAME_LIMIT && Array.from(text).length <= GROUP_NAME_LIMIT;
}

/**
 * What the provisioning log notes of a name that an identity provider sent at `path` and that is over the limit: that it
 * gives no target group, or, of one that has a target group, that this one keeps its name.
 */
export function noteLongName(path: string, name: string, kind: "name_too_long" | "name_kept" = "name_too_long"): Note {
  const shown = Array.from(name.trim().slice(0, 2 * SHOWN))
    .slice(0, SHOWN)
    .join("");
  return { kind, path, value: `${shown}…` };
}
