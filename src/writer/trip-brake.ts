import type { User } from "../directory/user.ts";
import {
  addLoss,
  type Batch,
  counterOf,
  countLosses,
  inWindow,
  isOver,
  type Loss,
  removeLoss,
} from "../holds/count-losses-against-limit.ts";
import { type Hold, isWaiting, type Mark, recordEffect } from "../holds/hold.ts";
import { limitFor, type SafeguardKind } from "../settings/safeguards.ts";
import { isInShadow } from "../settings/shadow.ts";
import { isManaging, type WriterSetting } from "../unit/company-config.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import { memberDifferences } from "../unit/unit-rows.ts";
import { brakeOf, setCounts } from "./counts-of-brake.ts";
import { countAsExpected, expectedLeft } from "./expected-losses.ts";
import { findOpen, openHold } from "./open-and-close-holds.ts";
import type { OperationContext } from "./operation-context.ts";

/** The operation loses more than its setting allows: it runs again with a hold open, in which what it would lose waits. */
export class Tripped extends Error {
  readonly setting: WriterSetting;
  readonly kind: SafeguardKind;
  readonly counter: string;

  constructor(setting: WriterSetting, kind: SafeguardKind, counter: string) {
    super(`the brake of ${setting.id} trips: ${counter}`);
    this.setting = setting;
    this.kind = kind;
    this.counter = counter;
  }
}

/** Something that an identity provider is about to take from somebody. */
interface PlannedLoss {
  /** What it counts as, in the order in which it is judged. */
  kinds: readonly SafeguardKind[];
  lost: Loss["lost"];
  /** Why, without a word of the person. */
  why: string;
}

/** Whether what a cause takes is braked: only what an identity provider does by itself is. */
function isBraked({ cause }: OperationContext, setting: WriterSetting): boolean {
  return cause.actor === "scim" && isManaging(setting);
}

/** Whether a kind of what a cause takes can be held in a setting. */
export function isGuarded(context: OperationContext, setting: WriterSetting, kind: SafeguardKind): boolean {
  return isBraked(context, setting) && setting.safeguards[kind] !== null;
}

/**
 * Judges a loss: the mark of the hold in which it waits, or null for one that is carried out, which is counted. Throws Tripped
 * when it is one too many.
 */
export function judgeLoss(
  context: OperationContext,
  setting: WriterSetting,
  user: User,
  planned: PlannedLoss,
): Mark | null {
  if (!isBraked(context, setting)) return null;
  const { unit } = context;
  const kinds = planned.kinds.filter((kind) => setting.safeguards[kind] !== null);
  for (const kind of kinds) {
    const open = findOpen(unit, setting.key, kind);
    if (open !== null) return record(context, open, planned.why);
  }
  const loss = { userKey: user.key, lost: planned.lost };
  if (kinds.length === 0 || countAsExpected(context, setting, loss)) return null;
  const counters = kinds.map((kind) => [kind, counterOf(kind, planned.lost?.targetGroupKey ?? 0)] as const);
  const { counts } = brakeOf(context, setting);
  const counted = counters.flatMap(([kind, counter]) => {
    const batches = addLoss(counts[counter], loss, {
      now: unit.now,
      base: () => baseOf(context, setting, planned, kind),
    });
    return batches === null ? [] : [{ kind, counter, batches }];
  });
  for (const { kind, counter, batches } of counted)
    if (isOverLimit(setting, kind, batches)) throw new Tripped(setting, kind, counter);
  setCounts(context, setting, Object.fromEntries(counted.map(({ counter, batches }) => [counter, batches])));
  return null;
}

/** Holds a loss whatever the number, as what a rename would withdraw is; null where nothing of its kind is held. */
export function holdAtOnce(
  context: OperationContext,
  setting: WriterSetting,
  kind: SafeguardKind,
  detail: string,
): Mark | null {
  if (!isGuarded(context, setting, kind)) return null;
  return record(context, findOpen(context.unit, setting.key, kind) ?? openHold(context, setting, kind, []), detail);
}

/** Opens the hold for which an operation is run again. */
export function openTripped(context: OperationContext, { setting, kind, counter }: Tripped): void {
  openHold(context, setting, kind, inWindow(brakeOf(context, setting).counts[counter], context.unit.now));
}

/** What a long list is about to take from a target group in the steps that follow it. */
interface MassLoss {
  targetGroupKey: number;
  people: number;
  /** How many of them are in no other target group. */
  nowhereElse: number;
}

/** Judges a long list as a whole, before its steps: where it alone is too much, all of it waits. */
export function judgeMass(
  context: OperationContext,
  setting: WriterSetting,
  { targetGroupKey, people, nowhereElse }: MassLoss,
): void {
  if (!isBraked(context, setting)) return;
  const trips = (kind: SafeguardKind, lost: number): boolean => {
    if (setting.safeguards[kind] === null || lost === 0 || expectedLeft(context, setting) >= lost) return false;
    if (findOpen(context.unit, setting.key, kind) !== null) return true;
    const counter = counterOf(kind, targetGroupKey);
    const batches = inWindow(brakeOf(context, setting).counts[counter], context.unit.now);
    const planned = {
      kinds: [kind],
      why: "",
      lost: { targetGroupKey, kind: "idp" as const, sourceKey: 0, detail: "" },
    };
    const batch: Batch = {
      at: context.unit.now,
      base: baseOf(context, setting, planned, kind),
      losses: [],
      more: lost,
    };
    if (!isOverLimit(setting, kind, [...batches, batch])) return false;
    openHold(context, setting, kind, batches);
    return true;
  };
  const leaversWait = trips("leavers", nowhereElse);
  trips("group", leaversWait ? people - nowhereElse : people);
}

/**
 * Removes from the counts somebody whom an identity provider brings back: active again, or back in what was lost. Gives the
 * counters it was on.
 */
export function countBack(...counted: Parameters<typeof removeFromCounts>): string[] {
  const [context, setting] = counted;
  return isBraked(context, setting) ? removeFromCounts(...counted) : [];
}

/** Removes somebody from the counts, whoever brings it back. Gives the counters it was on. */
export function removeFromCounts(
  context: OperationContext,
  setting: WriterSetting,
  user: User,
  isBack: (loss: Loss, counter: string) => boolean,
): string[] {
  const { counts } = brakeOf(context, setting);
  const changed = Object.entries(counts).flatMap(([counter, batches]) => {
    const left = removeLoss(batches, user.key, (loss) => isBack(loss, counter));
    return left === null ? [] : [[counter, left] as const];
  });
  if (changed.length > 0) setCounts(context, setting, Object.fromEntries(changed));
  return changed.map(([counter]) => counter);
}

function record(context: OperationContext, hold: Hold, detail: string): Mark {
  const recorded = recordEffect(hold, detail, context.cause.requestId);
  context.unit.holds.set(hold.key, recorded);
  context.touchHold(hold.key);
  return { heldBy: hold.key, heldVersion: recorded.version };
}

function isOverLimit(setting: WriterSetting, kind: SafeguardKind, batches: readonly Batch[]): boolean {
  const base = batches[0]?.base ?? 0;
  const limit = limitFor(setting.safeguards, kind, base);
  return limit !== null && isOver(limit, countLosses(batches), base);
}

/** How many there are on the target side just before a loss: members of the target group, or active users of the setting. */
function baseOf(
  { unit }: OperationContext,
  setting: WriterSetting,
  { lost }: PlannedLoss,
  kind: SafeguardKind,
): number {
  if (kind === "group" && lost !== null) {
    const before = unit.targetGroups.get(lost.targetGroupKey)?.memberCount ?? 0;
    return before + (memberDifferences(unit).get(lost.targetGroupKey) ?? 0);
  }
  const heir = unit.heirs.get(setting.key)?.key;
  const isThere = (user: User | undefined) =>
    user?.active === true &&
    (user.settingKey === setting.key ? !isInShadow(setting, user.key) : user.settingKey === heir && isWaiting(user));
  const differences = unit.users.differences();
  const gone = differences.filter(({ before }) => isThere(before)).length;
  return activeBefore(unit, setting) + differences.filter(({ after }) => isThere(after)).length - gone;
}

/** How many active users of a setting are on the target side as D1 has it. */
function activeBefore(unit: UnitOfWork, setting: WriterSetting): number {
  const counted = unit.brakes.get(setting.key)?.activeUsers ?? 0;
  if (setting.shadow === null && findOpen(unit, setting.key, "leavers") === null) return counted;
  const { waitingDeletions, inShadow } = unit.uncounted.get(setting.key) ?? { waitingDeletions: 0, inShadow: 0 };
  return counted + waitingDeletions - inShadow;
}
