import { type AutoEnrolment, itemKeyOf } from "../enrolment/plan-enrolments.ts";
import type { Reader } from "./load-directory.ts";
import type { MirrorMove, Scope } from "./scope.ts";
import type { Enrolment, Query } from "./working-set.ts";

/** Members times items that are looked at to count what a rename withdraws; more of them are not worth the database's time. */
const MOST_COUNTED = 100_000;
/** Items that a note names; the others are counted. */
const MOST_NAMED = 10;

/** Notes what a rename withdrew of those who are in the renamed group still: its new target group does not have the item. */
export function noteLosses(scope: Scope, withdrawn: readonly Enrolment[]): void {
  for (const move of scope.mirrorMoves) {
    const lost = new Map(lostItems(scope, move).map((item) => [itemKeyOf(item), { ...item, count: 0 }]));
    for (const enrolment of withdrawn) {
      const item = lost.get(itemKeyOf(enrolment));
      if (item !== undefined && isInMoved(scope, enrolment, move)) item.count += 1;
    }
    note(scope, move, [...lost.values()]);
  }
}

/**
 * Notes what a rename withdraws of a group's members in the commits that follow it: of those whom D1 holds, whom the same
 * request removes among them.
 */
export function foreseeLosses(scope: Scope, move: MirrorMove, members: number): void {
  const items = lostItems(scope, move);
  if (items.length === 0) return;
  const isCounted = members * items.length <= MOST_COUNTED;
  const counts = isCounted ? scope.workingSet.renameLosses.get(lossKey(move)) : undefined;
  const lost = items.map((item) => ({ ...item, count: isCounted ? (counts?.get(itemKeyOf(item)) ?? 0) : members }));
  note(scope, move, lost, isCounted);
}

/** What the members lose by the move unless another group gives it to them. */
function lostItems({ workingSet: { autoEnrolments } }: Scope, { from, to }: MirrorMove): AutoEnrolment[] {
  const kept = new Set((autoEnrolments.get(to) ?? []).map(itemKeyOf));
  return (autoEnrolments.get(from) ?? []).filter((item) => !kept.has(itemKeyOf(item)));
}

function isInMoved({ workingSet }: Scope, { personKey }: Enrolment, { groupKey, to }: MirrorMove): boolean {
  return (workingSet.persons.get(personKey) ?? []).some((ref) =>
    (workingSet.reasons.get(ref) ?? []).some(
      ({ kind, sourceKey, targetGroupKey }) => kind === "idp" && sourceKey === groupKey && targetGroupKey === to,
    ),
  );
}

interface LostItem extends AutoEnrolment {
  count: number;
}

function note(scope: Scope, { from, to }: MirrorMove, items: readonly LostItem[], isExact = true): void {
  const lost = items.filter(({ count }) => count > 0);
  if (lost.length === 0) return;
  const { targetGroups } = scope.workingSet;
  const sum = lost.reduce((total, { count }) => total + count, 0);
  const named = lost.slice(0, MOST_NAMED).map(({ name, count }) => `${name} (${count})`);
  const more = lost.length > named.length ? [`${lost.length - named.length} more`] : [];
  scope.notes.push({
    kind: "rename_withdraws",
    path: "displayName",
    value:
      `${sum === 1 ? "1 enrolment is" : `${isExact ? "" : "up to "}${sum} enrolments are`} withdrawn, because the members of the group move from ` +
      `the target group "${targetGroups.get(from)?.name ?? ""}" to "${targetGroups.get(to)?.name ?? ""}", which does not ` +
      `have: ${[...named, ...more].join(", ")}`,
  });
}

/**
 * For each move asked about, how many open enrolments of the active members of its group no other membership holds up: by
 * item, of those that the new target group does not have.
 */
export function readRenameLosses({ workingSet, needs }: Reader): Query[] {
  return [...needs.renameLosses].map((key) => ({
    sql: LOSSES,
    parameters: [workingSet.config.companyKey, ...key.split(" ").map(Number)],
    take: (rows) => {
      const counts = rows.map(({ kind, item_id, n }): [string, number] => [`${kind} ${item_id}`, Number(n)]);
      workingSet.renameLosses.load(key, new Map(counts));
    },
  }));
}

const LOSSES = `WITH move(c, g, source, target) AS (SELECT ?, ?, ?, ?),
  lost AS (SELECT a.kind, a.item_id FROM move v CROSS JOIN auto_enrolments a ON a.company_key = v.c AND a.target_group_key = v.source
    WHERE NOT EXISTS (SELECT 1 FROM auto_enrolments b WHERE b.company_key = v.c AND b.target_group_key = v.target
      AND b.kind = a.kind AND b.item_id = a.item_id))
  SELECT e.kind, e.item_id, count(DISTINCT e.enrolment_key) AS n FROM move v
  CROSS JOIN group_members m ON m.group_key = v.g CROSS JOIN users u ON u.user_key = m.user_key AND u.active = 1
  CROSS JOIN lost l CROSS JOIN enrolments e ON e.company_key = v.c AND e.person_key = coalesce(u.email_key, 'user:' || u.id)
    AND e.kind = l.kind AND e.item_id = l.item_id AND e.status = 'active'
  WHERE NOT EXISTS (SELECT 1 FROM (SELECT u.user_key AS k UNION SELECT o.user_key FROM users o
      WHERE o.company_key = v.c AND o.email_key = u.email_key AND o.active = 1) p
    CROSS JOIN target_group_members t ON t.user_key = p.k CROSS JOIN auto_enrolments a ON a.company_key = v.c
      AND a.target_group_key = t.target_group_key AND a.kind = e.kind AND a.item_id = e.item_id
    WHERE NOT (t.target_group_key = v.source AND t.kind = 'idp' AND t.source_key = v.g)) GROUP BY 1, 2`;

/** Names a move for the count of what it withdraws. */
function lossKey({ groupKey, from, to }: MirrorMove): string {
  return `${groupKey} ${from} ${to}`;
}
