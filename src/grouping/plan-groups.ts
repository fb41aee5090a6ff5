import type { GroupSettings } from "../settings/setting.ts";
import { isGroupName } from "../settings/target-group-name.ts";
import type { Reason, ReasonKind } from "./target-group.ts";

/** What the plan needs to know of a user. */
export interface Groupable {
  active: boolean;
  fields: Record<string, unknown>;
}

/** An IdP group the user is a member of, and the target group that mirrors it. */
export interface Mirror {
  groupKey: number;
  groupName: string;
  targetGroupKey: number;
}

/** A reason the user should have; a field value names its target group, which may not exist yet. */
export interface PlannedReason {
  target: { key: number } | { name: string };
  kind: ReasonKind;
  sourceKey: number;
  detail: string;
}

/** Whether a target group of a name is there. */
export type HasGroup = (name: string) => boolean;

/**
 * The target groups a user of a setting should be in, and why: none while inactive; what the criteria give; then the
 * setting's own target group for everyone, or for those the criteria gave nothing.
 */
export function planGroups(
  user: Groupable,
  settings: GroupSettings,
  mirrors: readonly Mirror[],
  hasGroup: HasGroup,
): PlannedReason[] {
  if (!user.active) return [];
  const planned = planCriteria(user, settings, mirrors, hasGroup);
  const own = settings.targetGroupKey;
  if (own === null) return planned;
  const kind = settings.targetGroupScope;
  if (kind === "ungrouped" && planned.length > 0) return planned;
  return [...planned, { target: { key: own }, kind, sourceKey: 0, detail: "" }];
}

function planCriteria(
  user: Groupable,
  settings: GroupSettings,
  mirrors: readonly Mirror[],
  hasGroup: HasGroup,
): PlannedReason[] {
  switch (settings.criteria) {
    case "none":
      return [];
    case "field": {
      const name = groupNameOf(settings.field === null ? null : user.fields[settings.field]);
      if (name === "" || !canName(name, hasGroup)) return [];
      return [{ target: { name }, kind: "field", sourceKey: 0, detail: settings.field ?? "" }];
    }
    case "idp":
      return mirrors.map(({ groupKey, groupName, targetGroupKey }) => ({
        target: { key: targetGroupKey },
        kind: "idp",
        sourceKey: groupKey,
        detail: groupName,
      }));
  }
}

/**
 * Whether a name that an identity provider sent can be that of a target group: one over the limit only where a group has it
 * that was made before there was a limit.
 */
export function canName(name: string, hasGroup: HasGroup): boolean {
  return isGroupName(name) || hasGroup(name);
}

/** The name of the target group that a field's value stands for; empty for no value. */
export function groupNameOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === "object") return "";
  return String(value).trim();
}

/** A planned reason with the key of its target group. */
export type ResolvedReason = Pick<Reason, "targetGroupKey" | "kind" | "sourceKey" | "detail">;

/** The difference between the reasons a user has through one setting and those it should have. */
export function diffReasons<Current extends ResolvedReason>(
  current: readonly Current[],
  planned: readonly ResolvedReason[],
): { join: ResolvedReason[]; leave: Current[] } {
  const same = (a: ResolvedReason, b: ResolvedReason) =>
    a.targetGroupKey === b.targetGroupKey && a.kind === b.kind && a.sourceKey === b.sourceKey;
  return {
    join: planned.filter(
      (one, index) =>
        !current.some((own) => same(own, one)) && planned.findIndex((other) => same(other, one)) === index,
    ),
    leave: current.filter((own) => !planned.some((one) => same(own, one))),
  };
}
