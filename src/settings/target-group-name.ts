import * as z from "zod";
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

/** A target group's name as a person gives it: 1 to 256 characters (Unicode code points) after trimming. */
export const groupName = z
  .string()
  .trim()
  .min(1)
  .refine(isGroupName, `Give at most ${GROUP_NAME_LIMIT} characters.`)
  .meta({
    maxLength: GROUP_NAME_LIMIT,
    description: `At most ${GROUP_NAME_LIMIT} characters (Unicode code points), outer white space not counted`,
  });

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
