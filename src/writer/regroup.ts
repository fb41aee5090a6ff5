import { foldKey } from "../directory/fold-key.ts";
import { fieldsOf, type User } from "../directory/user.ts";
import {
  canName,
  diffReasons,
  groupNameOf,
  type Mirror,
  type PlannedReason,
  planGroups,
  type SettledReason,
} from "../grouping/plan-groups.ts";
import type { Reason, TargetGroup } from "../grouping/target-group.ts";
import { noteLongName } from "../settings/group-name.ts";
import type { WriterSetting } from "./company-config.ts";
import type { Ref } from "./references.ts";
import type { Scope } from "./scope.ts";
import { isLive } from "./target-user.ts";

/**
 * Plans a user's target groups by its setting's rules and applies the difference; manual and other settings' reasons stay.
 * The rules of a deleted setting give nothing any more: whom it left stays where it is, or goes when it is made inactive.
 */
export function regroup(scope: Scope, ref: Ref, user: User, setting: WriterSetting, mirrors: readonly Mirror[]): void {
  const held = (scope.workingSet.reasons.get(ref) ?? []).filter((reason) => reason.settingKey === setting.key);
  if (setting.status === "deleted") {
    if (!user.active) changeReasons(scope, ref, user, { join: [], leave: held });
    return;
  }
  const hasGroup = (name: string) => isTargetGroup(scope, name);
  const planned = planGroups({ active: user.active, fields: fieldsOf(user) }, setting.groupSettings, mirrors, hasGroup);
  noteRefusedName(scope, ref, user, setting);
  const { join, leave } = diffReasons(
    held,
    planned.map((reason) => settle(scope, reason)),
  );
  changeReasons(scope, ref, user, { join: join.map((reason) => toReason(scope, reason, setting.key)), leave });
}

/** Notes a value that came with this commit and is too long to name a target group. */
function noteRefusedName(scope: Scope, ref: Ref, user: User, { groupSettings, mappings }: WriterSetting): void {
  const { criteria, field } = groupSettings;
  if (criteria !== "field" || field === null || !user.active) return;
  const name = groupNameOf(fieldsOf(user)[field]);
  if (canName(name, (other) => isTargetGroup(scope, other))) return;
  const before = scope.workingSet.users.before(ref);
  if (before?.active && fieldsOf(before)[field] === fieldsOf(user)[field]) return;
  scope.notes.push(noteLongName(mappings.find((mapping) => mapping.field === field)?.path ?? field, name));
}

/** Gives and takes reasons; the user joins a target group with its first reason and leaves it with its last. */
export function changeReasons(
  scope: Scope,
  ref: Ref,
  user: User,
  { join, leave }: { join: readonly Reason[]; leave: readonly Reason[] },
): void {
  if (join.length === 0 && leave.length === 0) return;
  const { workingSet } = scope;
  const before = workingSet.reasons.get(ref) ?? [];
  const after = [...before.filter((reason) => !leave.includes(reason)), ...join];
  workingSet.setReasons(ref, after);
  for (const reason of leave) if (!isOfLiveGroup(scope, reason)) scope.loosen(reason.targetGroupKey);
  const groupsBefore = new Set(before.map((reason) => reason.targetGroupKey));
  const groupsAfter = new Set(after.map((reason) => reason.targetGroupKey));
  for (const reason of leave)
    if (!groupsAfter.has(reason.targetGroupKey) && groupsBefore.delete(reason.targetGroupKey))
      announceMember(scope, "member.removed", user, reason);
  for (const reason of join)
    if (groupsAfter.has(reason.targetGroupKey) && !groupsBefore.has(reason.targetGroupKey)) {
      groupsBefore.add(reason.targetGroupKey);
      announceMember(scope, "member.added", user, reason);
    }
  scope.touchPerson(user);
}

/** Whether an IdP group gives the reason: what becomes of its mirror is decided when the group goes, not with a member. */
function isOfLiveGroup({ workingSet }: Scope, { kind, settingKey }: Reason): boolean {
  return kind === "idp" && isLive(workingSet.config, settingKey);
}

function announceMember(scope: Scope, type: "member.added" | "member.removed", user: User, reason: Reason): void {
  const group = scope.workingSet.targetGroups.get(reason.targetGroupKey);
  scope.announce(
    {
      type,
      subject: { kind: "user", id: user.id },
      userId: user.id,
      data: { groupId: group?.id ?? null, groupName: group?.name ?? null, userName: user.userName },
    },
    reason.kind,
  );
}

function toReason({ workingSet, cause }: Scope, settled: SettledReason, settingKey: number): Reason {
  return { ...settled, settingKey, requestId: cause.requestId, addedAt: workingSet.now };
}

/** Finds, or makes, the target group that a planned reason names. */
function settle(scope: Scope, { target, kind, sourceKey, detail }: PlannedReason): SettledReason {
  const targetGroupKey = "key" in target ? target.key : requireValueGroup(scope, target.name).key;
  return { targetGroupKey, kind, sourceKey, detail };
}

/** Whether there is a target group of a name (compared folded). */
function isTargetGroup({ workingSet }: Scope, name: string): boolean {
  return workingSet.targetGroupNames.get(foldKey(name)) !== undefined;
}

/** Whether an IdP group's name can be that of its mirror; notes one that is too long. */
export function canNameMirror(scope: Scope, name: string): boolean {
  if (canName(name, (other) => isTargetGroup(scope, other))) return true;
  scope.notes.push(noteLongName("displayName", name));
  return false;
}

/** The target group of a field's value, which stays for the next who has the value, whatever made it. */
function requireValueGroup(scope: Scope, name: string): TargetGroup {
  const group = requireTargetGroup(scope, name, "field");
  if (group.keptAs === "field" || group.keptAs === "manual") return group;
  const kept: TargetGroup = { ...group, keptAs: "field" };
  scope.workingSet.setTargetGroup(group.key, kept);
  return kept;
}

/** The target group of a name (compared folded), made with the given source when there is none. */
export function requireTargetGroup(scope: Scope, name: string, source: TargetGroup["source"]): TargetGroup {
  const { workingSet } = scope;
  const nameKey = foldKey(name);
  const key = workingSet.targetGroupNames.get(nameKey);
  const existing = key === undefined ? undefined : workingSet.targetGroups.get(key);
  return existing ?? createTargetGroup(scope, name.trim(), source);
}

/** Makes a target group; its name must be free. */
export function createTargetGroup(scope: Scope, name: string, source: TargetGroup["source"]): TargetGroup {
  const { workingSet } = scope;
  const group: TargetGroup = {
    key: workingSet.allocateKey(),
    id: workingSet.allocateId(),
    name,
    nameKey: foldKey(name),
    source,
    keptAs: source,
    createdAt: workingSet.now,
  };
  workingSet.targetGroups.load(group.key, undefined);
  workingSet.mirrorsOf.load(group.key, []);
  workingSet.reasonCounts.load(group.key, new Map());
  workingSet.setTargetGroup(group.key, group);
  scope.announce({
    type: "group.created",
    subject: { kind: "group", id: group.id },
    userId: null,
    data: { name: group.name, source },
  });
  return group;
}

/** The mirrored groups of a user, from its memberships. */
export function mirrorsFromGroups({ workingSet }: Scope, ref: Ref): Mirror[] {
  return (workingSet.groupsOf.get(ref) ?? []).flatMap((groupRef) => {
    const group = workingSet.groups.get(groupRef);
    return group === undefined || group.targetGroupKey === null
      ? []
      : [{ groupKey: group.key, groupName: group.displayName, targetGroupKey: group.targetGroupKey }];
  });
}

/**
 * The mirrored groups of an active user as its reasons tell them, with one group's membership changed: a change of a
 * group's members then needs no look at the user's other groups.
 */
export function mirrorsFromReasons(
  { workingSet }: Scope,
  ref: Ref,
  setting: WriterSetting,
  changed: { mirror: Mirror; member: boolean },
): Mirror[] {
  const held = (workingSet.reasons.get(ref) ?? []).filter(
    (reason) =>
      reason.kind === "idp" && reason.settingKey === setting.key && reason.sourceKey !== changed.mirror.groupKey,
  );
  const mirrors = held.map((reason) => ({
    groupKey: reason.sourceKey,
    groupName: reason.detail,
    targetGroupKey: reason.targetGroupKey,
  }));
  return changed.member ? [...mirrors, changed.mirror] : mirrors;
}
