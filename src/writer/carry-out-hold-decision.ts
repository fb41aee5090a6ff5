import type { User } from "../directory/user.ts";
import type { Reason } from "../grouping/target-group.ts";
import { isMeant, NO_MARK } from "../holds/hold.ts";
import { type Decision, isManaging, type WriterSetting } from "../unit/company-config.ts";
import { type Ref, splitRef } from "../unit/resource-references.ts";
import { announceUnmanaged, STAYING } from "./brake-deactivations-and-deletions.ts";
import { isOneMove } from "./brake-leaving-groups.ts";
import { takeOffCounts } from "./judge-loss.ts";
import { holdsOf } from "./open-and-close-holds.ts";
import type { AppliedLoss } from "./operation.ts";
import type { Turn } from "./operation-context.ts";
import { changeReasons, mirrorsFromGroups, regroup } from "./regroup-user.ts";
import { removeUser } from "./user-operations.ts";

/** Carries out a decision about what waits of one user: what has dissolved, or came after the version decided on, is passed over. */
export function carryOut(turn: Turn, decision: Decision, ref: Ref): void {
  const user = turn.unit.users.get(ref);
  if (user === undefined) return;
  turn.watch(ref, user.id, () => holdsOf(turn.unit, ref));
  const meant = (turn.unit.reasons.get(ref) ?? []).filter((reason) => isMeant(reason, decision));
  if (decision.action === "keep") keep(turn, decision, { ref, user, meant });
  else release(turn, decision, { ref, user, meant });
}

/** Removes somebody whose deletion has waited since before the time of a decision. */
export function expire(turn: Turn, { version: before }: Decision, ref: Ref): void {
  const user = turn.unit.users.get(ref);
  if (user?.heldAs !== "deleted" || user.heldVersion === null || (user.heldAt ?? before) >= before) return;
  turn.outcome = "released";
  removeUser(turn, { ref, user });
}

interface Meant {
  ref: Ref;
  user: User;
  /** The reasons that the decision is about. */
  meant: readonly Reason[];
}

function release(turn: Turn, decision: Decision, { ref, user: before, meant }: Meant): void {
  const { unit } = turn;
  turn.outcome = "released";
  const isLeaving = isMeant(before, decision);
  if (isLeaving && before.heldAs === "deleted") {
    removeUser(turn, { ref, user: before });
    return;
  }
  const user = isLeaving ? { ...before, ...STAYING, active: false } : before;
  if (isLeaving) {
    unit.setUser(ref, user);
    turn.touchPerson(user);
    announceStatus(turn, "user.deactivated", user);
  }
  for (const { targetGroupKey } of meant) turn.markForReview(targetGroupKey);
  const setting = unit.config.settingsByKey.get(splitRef(ref)[0]);
  const isRuled = setting !== undefined && isManaging(setting) && user.heldBy === null;
  if (!isRuled) {
    changeReasons(turn, ref, user, { join: [], leave: meant });
    return;
  }
  changeReasons(turn, ref, user, { join: [], leave: [], mark: new Map(meant.map((reason) => [reason, NO_MARK])) });
  regroup(turn, ref, user, setting, mirrorsFromGroups(turn, ref));
}

function keep(turn: Turn, decision: Decision, { ref, user, meant }: Meant): void {
  turn.outcome = "kept";
  const kept = { heldBy: decision.holdKey, heldVersion: null };
  if (isMeant(user, decision) && user.heldAs === "deleted") announceUnmanaged(turn, user);
  if (isMeant(user, decision))
    turn.unit.setUser(ref, { ...user, ...(user.heldAs === "deleted" ? STAYING : { heldVersion: null }) });
  changeReasons(turn, ref, user, { join: [], leave: [], mark: new Map(meant.map((reason) => [reason, kept])) });
}

/** Undoes what was carried out of one user before a hold opened: it stays from now on as if it had been held and kept. */
export function undo(turn: Turn, { holdKey }: Decision, ref: Ref, losses: readonly AppliedLoss[]): void {
  const { unit } = turn;
  const user = unit.users.get(ref);
  const setting = unit.config.settingsByKey.get(splitRef(ref)[0]);
  if (user === undefined || setting === undefined || !isManaging(setting)) return;
  const kept = { heldBy: holdKey, heldVersion: null };
  const isLeaver = losses.some(({ targetGroupKey }) => targetGroupKey === 0);
  if (isLeaver && !user.active) bringBack(turn, setting, ref, user, kept);
  else if (user.active && user.heldBy === null) putBack(turn, setting, { ref, user, losses }, kept);
  takeOffCounts(turn, setting, user, ({ lost }) =>
    losses.some(({ targetGroupKey }) => targetGroupKey === (lost?.targetGroupKey ?? 0)),
  );
  unit.execute("UPDATE hold_applied SET undone_at = ? WHERE hold_key = ? AND user_key = ?", [
    unit.now,
    holdKey,
    user.key,
  ]);
}

type Kept = Pick<Reason, "heldBy" | "heldVersion">;

function bringBack(turn: Turn, setting: WriterSetting, ref: Ref, user: User, kept: Kept): void {
  const { unit } = turn;
  const active: User = { ...user, active: true };
  regroup(turn, ref, active, setting, mirrorsFromGroups(turn, ref));
  unit.setUser(ref, { ...active, ...kept, heldAs: "inactive", heldAt: unit.now });
  turn.touchPerson(active);
  announceStatus(turn, "user.reactivated", active);
}

function putBack(
  turn: Turn,
  setting: WriterSetting,
  { ref, user, losses }: { ref: Ref; user: User; losses: readonly AppliedLoss[] },
  kept: Kept,
): void {
  const { unit, cause } = turn;
  const present = unit.reasons.get(ref) ?? [];
  const join = losses.flatMap(({ targetGroupKey, kind, sourceKey, detail }): Reason[] => {
    const isIn = present.some((reason) => reason.targetGroupKey === targetGroupKey);
    if (kind === "leaver" || isIn || unit.targetGroups.get(targetGroupKey) === undefined) return [];
    const reason = { targetGroupKey, kind, settingKey: setting.key, sourceKey, detail };
    return [{ ...reason, requestId: cause.requestId, addedAt: unit.now, ...kept }];
  });
  // What took its place goes, as it would have waited.
  const leave = present.filter((one) => one.settingKey === setting.key && join.some((back) => isOneMove(back, one)));
  changeReasons(turn, ref, user, { join, leave });
}

function announceStatus(turn: Turn, type: "user.deactivated" | "user.reactivated", user: User): void {
  const subject = { kind: "user" as const, id: user.id };
  turn.announce({ type, subject, userId: user.id, data: { userName: user.userName } });
}
