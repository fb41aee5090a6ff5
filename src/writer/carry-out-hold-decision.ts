import type { User } from "../directory/user.ts";
import type { Reason } from "../grouping/target-group.ts";
import { isMeant, NO_MARK } from "../holds/hold.ts";
import { isOneMove } from "../holds/move-as-a-whole.ts";
import { sql } from "../platform/sql.ts";
import { type Decision, isManaging, type WriterSetting } from "../unit/company-config.ts";
import { type Ref, splitRef } from "../unit/resource-references.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import { announceUnmanaged, NOT_HELD } from "./brake-deactivations-and-deletions.ts";
import type { AppliedLoss } from "./follow-up.ts";
import { holdsOf } from "./open-and-close-holds.ts";
import type { OperationContext } from "./operation-context.ts";
import { changeReasons, mirrorsFromGroups, regroup } from "./regroup-user.ts";
import { removeFromCounts } from "./trip-brake.ts";
import { removeUser } from "./user-operations.ts";

/** Carries out a decision about what waits of one user: what has dissolved, or came after the version decided on, is passed over. */
export function carryOut(context: OperationContext, decision: Decision, ref: Ref): void {
  const user = context.unit.users.get(ref);
  if (user === undefined) return;
  context.watch(ref, user.id, () => holdsOf(context.unit, ref));
  const meant = (context.unit.reasons.get(ref) ?? []).filter((reason) => isMeant(reason, decision));
  if (decision.action === "keep") keep(context, decision, { ref, user, meant });
  else release(context, decision, { ref, user, meant });
}

/** Removes somebody whose deletion has waited since before the time of a decision. */
export function expire(context: OperationContext, { version: before }: Decision, ref: Ref): void {
  const user = context.unit.users.get(ref);
  if (user?.heldAs !== "deleted" || user.heldVersion === null || (user.heldAt ?? before) >= before) return;
  context.heldEndAs = "released";
  removeUser(context, { ref, user });
}

interface Meant {
  ref: Ref;
  user: User;
  /** The reasons that the decision is about. */
  meant: readonly Reason[];
}

function release(context: OperationContext, decision: Decision, { ref, user: before, meant }: Meant): void {
  const { unit } = context;
  context.heldEndAs = "released";
  const isLeaving = isMeant(before, decision);
  if (isLeaving && before.heldAs === "deleted") {
    removeUser(context, { ref, user: before });
    return;
  }
  const user = isLeaving ? { ...before, ...NOT_HELD, active: false } : before;
  if (isLeaving) {
    unit.setUser(ref, user);
    context.touchPerson(user);
    announceStatus(context, "user.deactivated", user);
  }
  for (const { targetGroupKey } of meant) context.reviewAtEnd(targetGroupKey);
  const setting = unit.config.settingsByKey.get(splitRef(ref)[0]);
  const isRuled = setting !== undefined && isManaging(setting) && user.heldBy === null;
  if (!isRuled) {
    changeReasons(context, ref, user, { join: [], leave: meant });
    return;
  }
  changeReasons(context, ref, user, {
    join: [],
    leave: [],
    mark: new Map(meant.map((reason) => [reason, NO_MARK])),
  });
  regroup(context, ref, user, setting, mirrorsFromGroups(context, ref));
}

function keep(context: OperationContext, decision: Decision, { ref, user, meant }: Meant): void {
  context.heldEndAs = "kept";
  const kept = { heldBy: decision.holdKey, heldVersion: null };
  if (isMeant(user, decision) && user.heldAs === "deleted") announceUnmanaged(context, user);
  if (isMeant(user, decision))
    context.unit.setUser(ref, { ...user, ...(user.heldAs === "deleted" ? NOT_HELD : { heldVersion: null }) });
  changeReasons(context, ref, user, { join: [], leave: [], mark: new Map(meant.map((reason) => [reason, kept])) });
}

/**
 * Undoes what was carried out of one user before a hold opened: it stays from now on as if it had been held and kept. What is
 * not lost any more, or has nowhere to come back to, is passed over (see `OBSTACLES`).
 */
export function undo(context: OperationContext, { holdKey }: Decision, ref: Ref, losses: readonly AppliedLoss[]): void {
  const { unit } = context;
  const user = unit.users.get(ref);
  const setting = unit.config.settingsByKey.get(splitRef(ref)[0]);
  if (user === undefined || setting === undefined || !isManaging(setting)) return;
  const kept = { heldBy: holdKey, heldVersion: null };
  const lost = losses.filter((loss) => isLost(unit, ref, user, loss));
  if (lost.length === 0) return;
  if (user.active) putBack(context, setting, { ref, user, lost }, kept);
  else bringBack(context, setting, ref, user, kept);
  const keys = lost.map(({ targetGroupKey }) => targetGroupKey);
  removeFromCounts(context, setting, user, (loss) => keys.includes(loss.lost?.targetGroupKey ?? 0));
  unit.execute(
    sql`UPDATE hold_applied SET undone_at = ${unit.now} WHERE hold_key = ${holdKey} AND user_key = ${user.key}
      AND target_group_key IN (SELECT value FROM json_each(${JSON.stringify(keys)}))`,
  );
}

/** Whether what somebody lost is lost still, and there is where it was lost from. */
function isLost({ reasons, targetGroups }: UnitOfWork, ref: Ref, user: User, { targetGroupKey }: AppliedLoss): boolean {
  if (targetGroupKey === 0) return !user.active;
  if (!user.active || user.heldBy !== null || targetGroups.get(targetGroupKey) === undefined) return false;
  return (reasons.get(ref) ?? []).every((reason) => reason.targetGroupKey !== targetGroupKey);
}

type Kept = Pick<Reason, "heldBy" | "heldVersion">;

function bringBack(context: OperationContext, setting: WriterSetting, ref: Ref, user: User, kept: Kept): void {
  const { unit } = context;
  const active: User = { ...user, active: true };
  regroup(context, ref, active, setting, mirrorsFromGroups(context, ref));
  unit.setUser(ref, { ...active, ...kept, heldAs: "inactive", heldAt: unit.now });
  context.touchPerson(active);
  announceStatus(context, "user.reactivated", active);
}

function putBack(
  context: OperationContext,
  setting: WriterSetting,
  { ref, user, lost }: { ref: Ref; user: User; lost: readonly AppliedLoss[] },
  kept: Kept,
): void {
  const { unit, cause } = context;
  const present = unit.reasons.get(ref) ?? [];
  const join = lost.flatMap(({ targetGroupKey, kind, sourceKey, detail }): Reason[] => {
    if (kind === "leaver") return [];
    const reason = { targetGroupKey, kind, settingKey: setting.key, sourceKey, detail };
    return [{ ...reason, requestId: cause.requestId, addedAt: unit.now, ...kept }];
  });
  // What took its place goes, as it would have waited.
  const leave = present.filter((one) => one.settingKey === setting.key && join.some((back) => isOneMove(back, one)));
  changeReasons(context, ref, user, { join, leave });
}

function announceStatus(context: OperationContext, type: "user.deactivated" | "user.reactivated", user: User): void {
  const subject = { kind: "user" as const, id: user.id };
  context.announce({ type, subject, userId: user.id, data: { userName: user.userName } });
}
