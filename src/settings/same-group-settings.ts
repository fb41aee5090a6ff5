import type { GroupSettings } from "./setting.ts";

/** Whether group settings put everybody into the same target groups: then nobody need be planned anew. */
export function sameGroupSettings(one: GroupSettings, other: GroupSettings): boolean {
  return (
    one.criteria === other.criteria &&
    one.field === other.field &&
    one.targetGroupKey === other.targetGroupKey &&
    one.targetGroupScope === other.targetGroupScope
  );
}
