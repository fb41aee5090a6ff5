import { type AutoEnrolment, type Item, itemKeyOf } from "../enrolment/plan-enrolments.ts";
import type { Enrolment } from "../unit/enrolment-and-brake-rows.ts";
import { type MirrorMove, mirrorMoveKey } from "../unit/read-enrolments-withdrawn-by-rename.ts";
import type { OperationContext } from "./operation-context.ts";

/** Members times items that are looked at to count what a rename withdraws; more of them are not worth the database's time. */
const MOST_COUNTED = 100_000;
/** Items that a note names; the others are counted. */
const MOST_NAMED = 10;

/** Notes what a rename withdrew of those who are in the renamed group still: its new target group does not have the item. */
export function noteWithdrawnByRename(context: OperationContext, withdrawn: readonly Enrolment[]): void {
  for (const move of context.mirrorMoves) {
    const items = new Map(withdrawnItems(context, move).map((item) => [itemKeyOf(item), { ...item, count: 0 }]));
    for (const enrolment of withdrawn) {
      const item = items.get(itemKeyOf(enrolment));
      if (item !== undefined && isInMoved(context, enrolment, move)) item.count += 1;
    }
    note(context, move, [...items.values()]);
  }
}

/**
 * Notes what a rename withdraws of a group's members in the commits that follow it: of those whom D1 holds, whom the same
 * request removes among them.
 */
export function forecastWithdrawnByRename(context: OperationContext, move: MirrorMove, members: number): void {
  const items = withdrawnItems(context, move);
  if (items.length === 0) return;
  const isCounted = members * items.length <= MOST_COUNTED;
  const counts = isCounted ? context.unit.withdrawnByRename.get(mirrorMoveKey(move)) : undefined;
  const withdrawn = items.map((item) => ({
    ...item,
    count: isCounted ? (counts?.get(itemKeyOf(item)) ?? 0) : members,
  }));
  note(context, move, withdrawn, isCounted);
}

/** What the members lose by the move unless another group gives it to them. */
function withdrawnItems({ unit: { autoEnrolments } }: OperationContext, { from, to }: MirrorMove): AutoEnrolment[] {
  const kept = new Set((autoEnrolments.get(to) ?? []).map(itemKeyOf));
  return (autoEnrolments.get(from) ?? []).filter((item) => !kept.has(itemKeyOf(item)));
}

function isInMoved({ unit }: OperationContext, { personKey }: Enrolment, { groupKey, to }: MirrorMove): boolean {
  return (unit.persons.get(personKey) ?? []).some((ref) =>
    (unit.reasons.get(ref) ?? []).some(
      ({ kind, sourceKey, targetGroupKey }) => kind === "idp" && sourceKey === groupKey && targetGroupKey === to,
    ),
  );
}

interface WithdrawnItem extends Item {
  count: number;
}

function note(
  context: OperationContext,
  { from, to }: MirrorMove,
  items: readonly WithdrawnItem[],
  isExact = true,
): void {
  const withdrawn = items.filter(({ count }) => count > 0);
  if (withdrawn.length === 0) return;
  const { targetGroups } = context.unit;
  const sum = withdrawn.reduce((total, { count }) => total + count, 0);
  const named = withdrawn.slice(0, MOST_NAMED).map(({ name, count }) => `${name} (${count})`);
  const more = withdrawn.length > named.length ? [`${withdrawn.length - named.length} more`] : [];
  context.notes.push({
    kind: "rename_withdraws",
    path: "displayName",
    value:
      `${sum === 1 ? "1 enrolment is" : `${isExact ? "" : "up to "}${sum} enrolments are`} withdrawn, because the members of the group move from ` +
      `the target group "${targetGroups.get(from)?.name ?? ""}" to "${targetGroups.get(to)?.name ?? ""}", which does not ` +
      `have: ${[...named, ...more].join(", ")}`,
  });
}
