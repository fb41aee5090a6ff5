import { foldKey } from "../directory/fold-key.ts";
import { isWaitingFor } from "../directory/name-lost-by-folding.ts";
import { fieldsOf, type User } from "../directory/user.ts";
import {
  canName,
  diffReasons,
  groupNameOf,
  type Mirror,
  type PlannedReason,
  planGroups,
  type ResolvedReason,
} from "../grouping/plan-groups.ts";
import type { Reason } from "../grouping/target-group.ts";
import { isKept, isWaiting, type Mark, NO_MARK } from "../holds/hold.ts";
import { isInShadow } from "../settings/shadow.ts";
import { noteLongName } from "../settings/target-group-name.ts";
import { isLive, type WriterSetting } from "../unit/company-config.ts";
import type { Ref } from "../unit/resource-references.ts";
import { brakeMoves, type IsNew, type Marks } from "./brake-leaving-groups.ts";
import { isTargetGroup, requireValueGroup } from "./make-target-group.ts";
import { holdsOf } from "./open-and-close-holds.ts";
import type { OperationContext } from "./operation-context.ts";

/**
 * Plans a user's target groups by its setting's rules and applies the difference; manual and other settings' reasons stay.
 * The rules of a deleted setting give nothing any more: whom it left stays where it is, or goes when it is made inactive.
 * Somebody in shadow is in no target group. What was kept stays, but for what `isNew` says of.
 */
export function regroup(
  context: OperationContext,
  ref: Ref,
  user: User,
  setting: WriterSetting,
  mirrors: readonly Mirror[],
  isNew: IsNew = () => false,
): void {
  if (isInShadow(setting, user.key)) return;
  const own = (context.unit.reasons.get(ref) ?? []).filter((reason) => reason.settingKey === setting.key);
  if (!user.active) changeReasons(context, ref, user, { join: [], leave: own });
  if (!user.active || setting.status === "deleted") return;
  if (isUntouched(context, user, own)) {
    // Once the person itself waits no more, or is no longer kept, what it was kept in is judged by what came meanwhile.
    const outdated = own.filter((reason) => isKept(reason) && isNew(reason));
    changeReasons(context, ref, user, { join: [], leave: [], mark: new Map(outdated.map((one) => [one, NO_MARK])) });
    return;
  }
  const hasGroup = (name: string) => isTargetGroup(context, name);
  const planned = planGroups({ active: user.active, fields: fieldsOf(user) }, setting.groupSettings, mirrors, hasGroup);
  noteRefusedName(context, ref, user, setting);
  const resolved = planned.map((reason) => resolveReason(context, reason, own));
  const proposed = { user, setting, own, planned: resolved, isNew, ...diffReasons(own, resolved) };
  const change = brakeMoves(context, ref, proposed);
  const join = change.join.map((reason) => toReason(context, reason, setting.key));
  changeReasons(context, ref, user, { ...change, join });
}

/**
 * Somebody who is to leave and waits stays as it stands, whatever the rules say; so does, when an admin changes the rules,
 * whoever has anything that waits.
 */
function isUntouched({ cause, heldEndAs }: OperationContext, user: User, own: readonly Reason[]): boolean {
  if (user.heldBy !== null) return true;
  return cause.actor !== "scim" && heldEndAs === "dissolved" && own.some(isWaiting);
}

/**
 * Which reasons of a user an operation changes what is said of, by its fields before and after: those by a value, where
 * another target group is due than before, or none.
 */
export function isNewOf(context: OperationContext, { groupSettings }: WriterSetting, before: User, after: User): IsNew {
  const hasGroup = (name: string) => isTargetGroup(context, name);
  const dueTo = (user: User) => {
    const planned = planGroups({ active: true, fields: fieldsOf(user) }, groupSettings, [], hasGroup);
    return planned.map(({ kind, target }) => (kind === "field" && "name" in target ? foldKey(target.name) : "")).join();
  };
  return ({ kind }) => kind === "field" && dueTo(before) !== dueTo(after);
}

/** Notes a value that came with this commit and is too long to name a target group. */
function noteRefusedName(
  context: OperationContext,
  ref: Ref,
  user: User,
  { groupSettings, mappings }: WriterSetting,
): void {
  const { criteria, field } = groupSettings;
  if (criteria !== "field" || field === null || !user.active) return;
  const name = groupNameOf(fieldsOf(user)[field]);
  if (canName(name, (other) => isTargetGroup(context, other))) return;
  const before = context.unit.users.before(ref);
  if (before?.active && fieldsOf(before)[field] === fieldsOf(user)[field]) return;
  context.notes.push(noteLongName(mappings.find((mapping) => mapping.field === field)?.path ?? field, name));
}

/**
 * Gives and takes reasons, and changes the marks of others; the user joins a target group with its first reason and leaves it
 * with its last.
 */
export function changeReasons(
  context: OperationContext,
  ref: Ref,
  user: User,
  { join, leave, mark = NO_MARKS }: { join: readonly Reason[]; leave: readonly Reason[]; mark?: Marks },
): void {
  if (join.length === 0 && leave.length === 0 && mark.size === 0) return;
  const { unit } = context;
  const before = unit.reasons.get(ref) ?? [];
  context.watch(ref, user.id, () => holdsOf(unit, ref));
  const left = before.filter((reason) => !leave.includes(reason));
  const after = [...left.map((reason) => ({ reason, mark: mark.get(reason) })).map(withMark), ...join];
  unit.setReasons(ref, after);
  const isLate = wasHeld(context, ref, user);
  for (const reason of leave)
    if (isLate || reason.heldBy !== null || !isOfLiveGroup(context, reason)) context.reviewAtEnd(reason.targetGroupKey);
  const groupsBefore = new Set(before.map((reason) => reason.targetGroupKey));
  const groupsAfter = new Set(after.map((reason) => reason.targetGroupKey));
  for (const reason of leave)
    if (!groupsAfter.has(reason.targetGroupKey) && groupsBefore.delete(reason.targetGroupKey))
      announceMember(context, "member.removed", user, reason);
  for (const reason of join)
    if (groupsAfter.has(reason.targetGroupKey) && !groupsBefore.has(reason.targetGroupKey)) {
      groupsBefore.add(reason.targetGroupKey);
      announceMember(context, "member.added", user, reason);
    }
  if (join.length > 0 || leave.length > 0) context.touchPerson(user);
}

const NO_MARKS: Marks = new Map();

function withMark({ reason, mark }: { reason: Reason; mark: Mark | undefined }): Reason {
  return mark === undefined ? reason : { ...reason, ...mark };
}

/** Whether a user was to leave, and stayed: groups that it was in may have gone meanwhile. */
function wasHeld(context: OperationContext, ref: Ref, user: User): boolean {
  const before = context.unit.users.before(ref)?.heldBy ?? null;
  return user.heldBy !== null || before !== null || context.hasWaited(user.id);
}

/** Whether an IdP group gives the reason: what becomes of its mirror is decided when the group goes, not with a member. */
function isOfLiveGroup({ unit }: OperationContext, { kind, settingKey }: Reason): boolean {
  return kind === "idp" && isLive(unit.config, settingKey);
}

function announceMember(
  context: OperationContext,
  type: "member.added" | "member.removed",
  user: User,
  reason: Reason,
): void {
  const group = context.unit.targetGroups.get(reason.targetGroupKey);
  context.announce(
    {
      type,
      subject: { kind: "user", id: user.id },
      userId: user.id,
      data: { groupId: group?.id ?? null, groupName: group?.name ?? null, userName: user.userName },
    },
    reason.kind,
  );
}

function toReason({ unit, cause }: OperationContext, resolved: ResolvedReason, settingKey: number): Reason {
  return { ...resolved, settingKey, requestId: cause.requestId, addedAt: unit.now, ...NO_MARK };
}

/** Finds, or makes, the target group that a planned reason names. */
function resolveReason(
  context: OperationContext,
  { target, kind, sourceKey, detail }: PlannedReason,
  own: readonly Reason[],
): ResolvedReason {
  const targetGroupKey =
    "key" in target
      ? target.key
      : (ownGroupOfName(context, target.name, own) ?? requireValueGroup(context, target.name).key);
  return { targetGroupKey, kind, sourceKey, detail };
}

/** Of two target groups that have one name since names are folded otherwise, people stay in the one they are in. */
function ownGroupOfName({ unit }: OperationContext, name: string, own: readonly Reason[]): number | undefined {
  if (!unit.config.hasLostNames) return undefined;
  return own.find(
    ({ kind, targetGroupKey }) =>
      kind === "field" && isWaitingFor(unit.targetGroups.get(targetGroupKey)?.nameKey ?? "", foldKey(name)),
  )?.targetGroupKey;
}

/** The mirrored groups of a user, from its memberships. */
export function mirrorsFromGroups({ unit }: OperationContext, ref: Ref): Mirror[] {
  return (unit.groupsOf.get(ref) ?? []).flatMap((groupRef) => {
    const group = unit.groups.get(groupRef);
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
  { unit }: OperationContext,
  ref: Ref,
  setting: WriterSetting,
  changed: { mirror: Mirror; member: boolean },
): Mirror[] {
  const current = (unit.reasons.get(ref) ?? []).filter(
    (reason) =>
      reason.kind === "idp" &&
      reason.heldBy === null &&
      reason.settingKey === setting.key &&
      reason.sourceKey !== changed.mirror.groupKey,
  );
  const mirrors = current.map((reason) => ({
    groupKey: reason.sourceKey,
    groupName: reason.detail,
    targetGroupKey: reason.targetGroupKey,
  }));
  return changed.member ? [...mirrors, changed.mirror] : mirrors;
}
