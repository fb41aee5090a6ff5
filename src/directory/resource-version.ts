import { textDigest } from "../platform/text-digest.ts";
import type { StoredResource } from "./select-resources.ts";

/**
 * A resource's version as its entity tag names it: the row's number; of a user with a digest of the groups it is shown in,
 * since those come, go and are renamed without a row of the user being written (a group with 100,000 members would write
 * as many). A group's own row follows its members.
 */
export function versionOf({
  type,
  version,
  related = [],
}: Pick<StoredResource, "type" | "version" | "related">): string {
  if (type === "Group" || related.length === 0) return String(version);
  const shown = related.map(({ value, display }) => `${value} ${display}`).sort();
  return `${version}.${textDigest(JSON.stringify(shown))}`;
}
