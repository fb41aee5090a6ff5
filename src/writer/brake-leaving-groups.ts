import { personKeyOf } from "../directory/person-key.ts";
import type { User } from "../directory/user.ts";
import { giftsOf, isOpen, itemKeyOf } from "../enrolment/plan-enrolments.ts";
import type { ResolvedReason } from "../grouping/plan-groups.ts";
import type { Reason } from "../grouping/target-group.ts";
import { isWaiting, type Mark, NO_MARK } from "../holds/hold.ts";
import { type ProposedReasons, stayingIn, withoutWaiting } from "../holds/move-as-a-whole.ts";
import { sql } from "../platform/sql.ts";
import type { SafeguardKind } from "../settings/safeguards.ts";
import type { WriterSetting } from "../unit/company-config.ts";
import type { Ref } from "../unit/resource-references.ts";
import type { OperationContext } from "./operation-context.ts";
import { countBack, holdAtOnce, isGuarded, judgeLoss } from "./trip-brake.ts";

/** New marks of reasons. */
export type Marks = ReadonlyMap<Reason, Mark>;

/** What the rules propose for a user's reasons through one setting, and the difference from those it has. */
interface ProposedMoves extends ProposedReasons<Reason> {
  user: User;
  setting: WriterSetting;
  planned: readonly ResolvedReason[];
  isNew: IsNew;
}

/**
 * Whether an operation changes what an identity provider says of a reason: another value, or another membership or name of
 * its group. What was kept of it was kept against what was said before, and is judged anew.
 */
export type IsNew = (reason: Reason) => boolean;

/** What is done of it at once, and which reasons are marked or are marked no more. */
interface Braked {
  join: readonly ResolvedReason[];
  leave: readonly Reason[];
  mark: Marks;
}

/**
 * Judges what a user would leave: what is too much with that of others stays with a mark, and what takes its place waits with
 * it. What is marked and planned again is marked no more; what is no loss goes, marked or not.
 */
export function brakeMoves(context: OperationContext, ref: Ref, proposed: ProposedMoves): Braked {
  const { own, leave, join, isNew } = proposed;
  const back = own.filter((reason) => reason.heldBy !== null && !leave.includes(reason));
  const mark = new Map(back.map((reason) => [reason, NO_MARK]));
  const isMovingBack = countReturn(context, ref, proposed);
  if (leave.length === 0) return { join, leave, mark };
  const staying = stayingIn(context.unit.reasons.get(ref) ?? [], proposed);
  const losses = leave.filter(({ targetGroupKey }) => !staying.has(targetGroupKey));
  // New rules that an admin has confirmed end what was kept against the old ones.
  const isEnding = context.cause.actor !== "scim" && context.heldEndAs === "dissolved";
  const waitsOrWasKept = (reason: Reason) =>
    isWaiting(reason) || (reason.heldBy !== null && !isEnding && !isNew(reason));
  const waiting = losses.filter(waitsOrWasKept);
  for (const reason of losses) {
    if (waitsOrWasKept(reason)) continue;
    const newMark = isMovingBack && reason.kind === "field" ? null : judge(context, proposed, reason, staying);
    if (newMark === null) continue;
    mark.set(reason, newMark);
    waiting.push(reason);
  }
  if (waiting.length === 0) return { join, leave, mark };
  return { ...withoutWaiting(proposed, waiting), mark };
}

/**
 * Ends what was kept of people by an IdP group that has another mirror now, where its members follow in steps: they are
 * judged anew there.
 */
export function endKeptByGroup(context: OperationContext, setting: WriterSetting, groupKey: number): void {
  context.reserveCommit();
  context.unit.execute(
    sql`UPDATE target_group_members SET held_by = NULL
      WHERE kind = 'idp' AND source_key = ${groupKey} AND held_version IS NULL AND held_by IN
        (SELECT hold_key FROM holds WHERE company_key = ${context.unit.config.companyKey} AND setting_key = ${setting.key})`,
  );
}

function judge(
  context: OperationContext,
  proposed: ProposedMoves,
  reason: Reason,
  staying: ReadonlySet<number>,
): Mark | null {
  const { user, setting, join } = proposed;
  const renamed = join.find(({ kind, sourceKey }) => kind === "idp" && sourceKey === reason.sourceKey);
  if (reason.kind === "idp" && renamed !== undefined) {
    const detail = `IdP group "${reason.detail}" is now "${renamed.detail}"`;
    return withdraws(context, user, setting, reason, staying) ? holdAtOnce(context, setting, "moves", detail) : null;
  }
  const detail = detailOf(context, reason);
  const kinds = kindsOf(proposed, reason, staying);
  const { targetGroupKey, kind, sourceKey } = reason;
  const lost = { targetGroupKey, kind, sourceKey, detail: reason.detail };
  return kinds.length === 0 ? null : judgeLoss(context, setting, user, { kinds, lost, why: detail });
}

/** What a loss counts as; nothing for the fallback that somebody leaves who has a group now. */
function kindsOf({ join, planned }: ProposedMoves, { kind }: Reason, staying: ReadonlySet<number>): SafeguardKind[] {
  const leavers: SafeguardKind[] = staying.size === 0 ? ["leavers"] : [];
  switch (kind) {
    case "field":
      return join.some((one) => one.kind === "field") ? ["moves"] : [...leavers, "emptied"];
    case "ungrouped":
      return planned.some((one) => one.kind === "field" || one.kind === "idp") ? [] : [...leavers, "group"];
    case "manual":
    case "everyone":
    case "idp":
      return [...leavers, "group"];
  }
}

/** Whether a move to another mirror takes a training from the person that none of its groups gives then. */
function withdraws(
  context: OperationContext,
  user: User,
  setting: WriterSetting,
  { targetGroupKey: from }: Reason,
  staying: ReadonlySet<number>,
): boolean {
  const { unit } = context;
  const items = unit.autoEnrolments.get(from) ?? [];
  if (items.length === 0 || !unit.isEnrolling || !isGuarded(context, setting, "moves")) return false;
  const person = personKeyOf(user);
  const users = (unit.persons.get(person) ?? []).flatMap((ref) => {
    const one = unit.users.get(ref);
    if (one === undefined) return [];
    const keys =
      one.id === user.id ? [...staying] : (unit.reasons.get(ref) ?? []).map((reason) => reason.targetGroupKey);
    return [{ userId: one.id, active: one.active, targetGroupKeys: keys }];
  });
  const gifts = giftsOf(users, (key) => unit.autoEnrolments.get(key) ?? []);
  const openItems = new Set((unit.enrolments.get(person) ?? []).filter(isOpen).map(itemKeyOf));
  return items.some((item) => openItems.has(itemKeyOf(item)) && !gifts.has(itemKeyOf(item)));
}

/**
 * Who joins what it was counted as losing, or any group after it was out of all, or has a value again, is lost no more. Gives
 * whether somebody moves back to where it came from.
 */
function countReturn(context: OperationContext, ref: Ref, { user, setting, join }: ProposedMoves): boolean {
  if (join.length === 0 || context.unit.users.before(ref) === undefined) return false;
  const isField = join.some(({ kind }) => kind === "field");
  const counters = countBack(context, setting, user, ({ lost }, counter) => {
    if (lost === null) return false;
    const isSame = join.some(({ targetGroupKey }) => targetGroupKey === lost.targetGroupKey);
    return isSame || counter === "leavers" || (counter === "emptied" && isField);
  });
  return counters.includes("moves");
}

function detailOf({ unit }: OperationContext, { kind, detail, targetGroupKey }: Reason): string {
  const name = unit.targetGroups.get(targetGroupKey)?.name ?? "";
  switch (kind) {
    case "field":
      return `${detail} is no longer "${name}"`;
    case "idp":
      return `no longer in IdP group "${detail}"`;
    case "manual":
    case "everyone":
    case "ungrouped":
      return `no longer in "${name}"`;
  }
}
