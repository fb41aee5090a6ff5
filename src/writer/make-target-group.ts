import { foldKey } from "../directory/fold-key.ts";
import { canName } from "../grouping/plan-groups.ts";
import type { TargetGroup } from "../grouping/target-group.ts";
import { noteLongName } from "../settings/target-group-name.ts";
import type { OperationContext } from "./operation-context.ts";

/** Whether there is a target group of a name (compared folded). */
export function isTargetGroup({ unit }: OperationContext, name: string): boolean {
  return unit.targetGroupNames.get(foldKey(name)) !== undefined;
}

/** Whether an IdP group's name can be that of its mirror, the one it has (`isThere`) or a new one; notes one that is too long. */
export function canNameMirror(context: OperationContext, name: string, isThere: boolean): boolean {
  if (canName(name, (other) => isTargetGroup(context, other))) return true;
  context.notes.push(noteLongName("displayName", name, isThere ? "name_kept" : "name_too_long"));
  return false;
}

/** The target group of a field's value, which stays for the next who has the value, whatever made it. */
export function requireValueGroup(context: OperationContext, name: string): TargetGroup {
  const group = ensureTargetGroup(context, name, "field");
  if (group.keptAs === "field" || group.keptAs === "manual") return group;
  const kept: TargetGroup = { ...group, keptAs: "field" };
  context.unit.setTargetGroup(group.key, kept);
  return kept;
}

/** The target group of a name (compared folded), made with the given source when there is none. */
export function ensureTargetGroup(context: OperationContext, name: string, source: TargetGroup["source"]): TargetGroup {
  const { unit } = context;
  const nameKey = foldKey(name);
  const key = unit.targetGroupNames.get(nameKey);
  const existing = key === undefined ? undefined : unit.targetGroups.get(key);
  return existing ?? createTargetGroup(context, name.trim(), source);
}

/** Makes a target group; its name must be free. */
export function createTargetGroup(context: OperationContext, name: string, source: TargetGroup["source"]): TargetGroup {
  const { unit } = context;
  const group: TargetGroup = {
    key: unit.allocateKey(),
    id: unit.allocateId(),
    name,
    nameKey: foldKey(name),
    source,
    keptAs: source,
    memberCount: 0,
    createdAt: unit.now,
  };
  unit.targetGroups.load(group.key, undefined);
  unit.mirrorsOf.load(group.key, []);
  unit.reasonCounts.load(group.key, new Map());
  unit.setTargetGroup(group.key, group);
  context.announce({
    type: "group.created",
    subject: { kind: "group", id: group.id },
    userId: null,
    data: { name: group.name, source },
  });
  return group;
}
