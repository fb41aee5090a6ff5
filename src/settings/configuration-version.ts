import { textDigest } from "../platform/text-digest.ts";
import type { GroupSettings, Setting } from "./setting.ts";

/** Names what decides what going live does, as far as the setting itself says it: it changes with nothing else. */
export function configurationVersion({
  mappings,
  groupSettings,
  shadow,
}: Pick<Setting, "mappings" | "shadow"> & { groupSettings: GroupSettings }): string {
  const { targetGroupKey, targetGroupScope, criteria, field } = groupSettings;
  const paths = mappings.map((mapping) => `${mapping.field} ${mapping.path}`).sort();
  const own = [targetGroupKey, shadow?.groupName ?? null];
  return textDigest(JSON.stringify([paths, own, targetGroupScope, criteria, field]));
}
