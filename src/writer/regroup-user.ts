import { foldKey } from "../directory/fold-key.ts";
import { isWaitingFor } from "../directory/lost-name-key.ts";
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
import { isWaiting, type Mark, NO_MARK } from "../holds/hold.ts";
import { isInShadow } from "../settings/shadow.ts";
import { noteLongName } from "../settings/target-group-name.ts";
import { isLive, type WriterSetting } from "../unit/company-config.ts";
import type { Ref } from "../unit/resource-references.ts";
import { brakeMoves, type Marks } from "./brake-leaving-groups.ts";
import { isTargetGroup, requireValueGroup } from "./make-target-group.ts";
import { holdsOf } from "./open-and-close-holds.ts";
import type { Turn } from "./operation-context.ts";

/**
 * Plans a user's target groups by its setting's rules and applies the difference; manual and other settings' reasons stay.
 * The rules of a deleted setting give nothing any more: whom it left stays where it is, or goes when it is made inactive.
 * Somebody in shadow is in no target group.
 */
export function regroup(turn: Turn, ref: Ref, user: User, setting: WriterSetting, mirrors: readonly Mirror[]): void {
  if (isInShadow(setting, user.key)) return;
  const own = (turn.unit.reasons.get(ref) ?? []).filter((reason) => reason.settingKey === setting.key);
  if (!user.active) changeReasons(turn, ref, user, { join: [], leave: own });
  if (!user.active || setting.status === "deleted" || isUntouched(turn, user, own)) return;
  const hasGroup = (name: string) => isTargetGroup(turn, name);
  const planned = planGroups({ active: user.active, fields: fieldsOf(user) }, setting.groupSettings, mirrors, hasGroup);
  noteRefusedName(turn, ref, user, setting);
  const resolved = planned.map((reason) => resolveReason(turn, reason, own));
  const change = brakeMoves(turn, ref, { user, setting, own, planned: resolved, ...diffReasons(own, resolved) });
  const join = change.join.map((reason) => toReason(turn, reason, setting.key));
  changeReasons(turn, ref, user, { ...change, join });
}

/**
 * Somebody who is to leave and waits stays as it stands, whatever the rules say; so does, when an admin changes the rules,
 * whoever has anything that waits.
 */
function isUntouched({ cause, outcome }: Turn, user: User, own: readonly Reason[]): boolean {
  if (user.heldBy !== null) return true;
  return cause.actor !== "scim" && outcome === "dissolved" && own.some(isWaiting);
}

/** Notes a value that came with this commit and is too long to name a target group. */
function noteRefusedName(turn: Turn, ref: Ref, user: User, { groupSettings, mappings }: WriterSetting): void {
  const { criteria, field } = groupSettings;
  if (criteria !== "field" || field === null || !user.active) return;
  const name = groupNameOf(fieldsOf(user)[field]);
  if (canName(name, (other) => isTargetGroup(turn, other))) return;
  const before = turn.unit.users.before(ref);
  if (before?.active && fieldsOf(before)[field] === fieldsOf(user)[field]) return;
  turn.notes.push(noteLongName(mappings.find((mapping) => mapping.field === field)?.path ?? field, name));
}

/**
 * Gives and takes reasons, and changes the marks of others; the user joins a target group with its first reason and leaves it
 * with its last.
 */
export function changeReasons(
  turn: Turn,
  ref: Ref,
  user: User,
  { join, leave, mark = NO_MARKS }: { join: readonly Reason[]; leave: readonly Reason[]; mark?: Marks },
): void {
  if (join.length === 0 && leave.length === 0 && mark.size === 0) return;
  const { unit } = turn;
  const before = unit.reasons.get(ref) ?? [];
  turn.watch(ref, user.id, () => holdsOf(unit, ref));
  const left = before.filter((reason) => !leave.includes(reason));
  const after = [...left.map((reason) => ({ reason, mark: mark.get(reason) })).map(withMark), ...join];
  unit.setReasons(ref, after);
  for (const reason of leave)
    if (reason.heldBy !== null || !isOfLiveGroup(turn, reason)) turn.markForReview(reason.targetGroupKey);
  const groupsBefore = new Set(before.map((reason) => reason.targetGroupKey));
  const groupsAfter = new Set(after.map((reason) => reason.targetGroupKey));
  for (const reason of leave)
    if (!groupsAfter.has(reason.targetGroupKey) && groupsBefore.delete(reason.targetGroupKey))
      announceMember(turn, "member.removed", user, reason);
  for (const reason of join)
    if (groupsAfter.has(reason.targetGroupKey) && !groupsBefore.has(reason.targetGroupKey)) {
      groupsBefore.add(reason.targetGroupKey);
      announceMember(turn, "member.added", user, reason);
    }
  if (join.length > 0 || leave.length > 0) turn.touchPerson(user);
}

const NO_MARKS: Marks = new Map();

function withMark({ reason, mark }: { reason: Reason; mark: Mark | undefined }): Reason {
  return mark === undefined ? reason : { ...reason, ...mark };
}

/** Whether an IdP group gives the reason: what becomes of its mirror is decided when the group goes, not with a member. */
function isOfLiveGroup({ unit }: Turn, { kind, settingKey }: Reason): boolean {
  return kind === "idp" && isLive(unit.config, settingKey);
}

function announceMember(turn: Turn, type: "member.added" | "member.removed", user: User, reason: Reason): void {
  const group = turn.unit.targetGroups.get(reason.targetGroupKey);
  turn.announce(
    {
      type,
      subject: { kind: "user", id: user.id },
      userId: user.id,
      data: { groupId: group?.id ?? null, groupName: group?.name ?? null, userName: user.userName },
    },
    reason.kind,
  );
}

function toReason({ unit, cause }: Turn, resolved: ResolvedReason, settingKey: number): Reason {
  return { ...resolved, settingKey, requestId: cause.requestId, addedAt: unit.now, ...NO_MARK };
}

/** Finds, or makes, the target group that a planned reason names. */
function resolveReason(
  turn: Turn,
  { target, kind, sourceKey, detail }: PlannedReason,
  held: readonly Reason[],
): ResolvedReason {
  const targetGroupKey =
    "key" in target ? target.key : (heldByName(turn, target.name, held) ?? requireValueGroup(turn, target.name).key);
  return { targetGroupKey, kind, sourceKey, detail };
}

/** Of two target groups that have one name since names are folded otherwise, people stay in the one they are in. */
function heldByName({ unit }: Turn, name: string, held: readonly Reason[]): number | undefined {
  if (!unit.config.hasLostNames) return undefined;
  return held.find(
    ({ kind, targetGroupKey }) =>
      kind === "field" && isWaitingFor(unit.targetGroups.get(targetGroupKey)?.nameKey ?? "", foldKey(name)),
  )?.targetGroupKey;
}

/** The mirrored groups of a user, from its memberships. */
export function mirrorsFromGroups({ unit }: Turn, ref: Ref): Mirror[] {
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
  { unit }: Turn,
  ref: Ref,
  setting: WriterSetting,
  changed: { mirror: Mirror; member: boolean },
): Mirror[] {
  const held = (unit.reasons.get(ref) ?? []).filter(
    (reason) =>
      reason.kind === "idp" &&
      reason.heldBy === null &&
      reason.settingKey === setting.key &&
      reason.sourceKey !== changed.mirror.groupKey,
  );
  const mirrors = held.map((reason) => ({
    groupKey: reason.sourceKey,
    groupName: reason.detail,
    targetGroupKey: reason.targetGroupKey,
  }));
  return changed.member ? [...mirrors, changed.mirror] : mirrors;
}
