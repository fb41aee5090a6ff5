import { diffReasons, type Groupable, type Mirror, planGroups } from "../grouping/plan-groups.ts";
import type { GroupNames } from "../grouping/preview-moves.ts";
import type { GroupSettings } from "../settings/setting.ts";
import { isMeant, type Mark, NO_MARK } from "./hold.ts";
import { type MarkedReason, stayingIn, withoutWaiting } from "./move-as-a-whole.ts";

/** Somebody of whom something may wait. */
export interface HeldUser extends Groupable, Mark {
  heldAs: "inactive" | "deleted" | null;
  reasons: readonly MarkedReason[];
  /** Its IdP groups with the target groups that mirror them. */
  mirrors: readonly Mirror[];
}

/** The rules of the setting that manages somebody, and the target groups that a value of theirs can name. */
export interface Rules {
  settingKey: number;
  groupSettings: GroupSettings;
  names: GroupNames;
}

/** Which effects of a hold are released. */
export interface Release {
  holdKey: number;
  version: number;
}

/** A user after a release: the target groups that it is in, by key; those that are made for it have keys below zero. */
interface ReleasedUser {
  active: boolean;
  targetGroupKeys: number[];
}

/**
 * What becomes of somebody when that is released which waits of it; null for somebody who is removed. `rules` are null where
 * no live setting manages it. The writer carries the same out; a property test compares the two.
 */
export function planRelease(user: HeldUser, release: Release, rules: Rules | null): ReleasedUser | null {
  const isLeaving = isMeant(user, release);
  if (isLeaving && user.heldAs === "deleted") return null;
  const active = user.active && !isLeaving;
  const isRuled = rules !== null && (isLeaving || user.heldBy === null);
  const left = isRuled
    ? regrouped({ ...user, active }, release, rules)
    : user.reasons.filter((reason) => !isMeant(reason, release));
  return { active, targetGroupKeys: [...new Set(left.map(({ targetGroupKey }) => targetGroupKey))] };
}

/** The reasons of somebody of whom nothing waits in the hold any more, by the rules; what waits elsewhere or was kept stays. */
function regrouped(user: HeldUser, release: Release, { settingKey, groupSettings, names }: Rules) {
  const reasons = user.reasons.map((reason) => (isMeant(reason, release) ? { ...reason, ...NO_MARK } : reason));
  const own = reasons.filter((reason) => reason.settingKey === settingKey);
  if (!user.active) return reasons.filter((reason) => !own.includes(reason));
  const byField = own.flatMap(({ kind, targetGroupKey }) => (kind === "field" ? [targetGroupKey] : []));
  const planned = planGroups(user, groupSettings, user.mirrors, (name) => names.has(name));
  const resolved = planned.map(({ target, ...reason }) => ({
    ...reason,
    targetGroupKey: "key" in target ? target.key : names.keyOf(target.name, byField),
  }));
  const proposed = { own, ...diffReasons(own, resolved) };
  const staying = stayingIn(reasons, proposed);
  const waiting = proposed.leave.filter((reason) => reason.heldBy !== null && !staying.has(reason.targetGroupKey));
  const { join, leave } = withoutWaiting(proposed, waiting);
  return [...reasons.filter((reason) => !leave.includes(reason)), ...join];
}
