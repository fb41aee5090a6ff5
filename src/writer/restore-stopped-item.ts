import { personKeyOf } from "../directory/person-key.ts";
import { ENROLMENT, stoppedItems } from "../directory/tables.ts";
import { isOpen, itemKeyOf } from "../enrolment/plan-enrolments.ts";
import { columnsIn, columnsOf, pick } from "../platform/columns.ts";
import { type Read, runRead, selectFirst, selectRows, together } from "../platform/read-batch.ts";
import { literal, sql } from "../platform/sql.ts";
import type { FollowUp } from "../unit/company-config.ts";
import type { Enrolment } from "../unit/enrolment-and-brake-rows.ts";
import { itemNamesOf } from "../unit/enrolment-item-names.ts";
import { refOf } from "../unit/resource-references.ts";
import type { Row } from "../unit/unit-of-work.ts";
import { carryOverProgress } from "./apply-progress-reports.ts";
import { setItems } from "./enrol-persons.ts";
import type { CarriedProgress, FollowUpStep } from "./follow-up.ts";
import type { FollowUpWork, FoundStep } from "./follow-up-record.ts";
import type { ConfigurationOperation, Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";
import { requireGroupById } from "./require-target-group.ts";
import { scheduleAddingWork } from "./schedule-follow-up.ts";

/**
 * Has a target group enrol its members again in what it was made to enrol them in no more, on the terms of then. Whom that
 * withdrew, and who is a member still, follows in the commits after this one: with progress and due date as they stood.
 */
export function restoreItem(
  context: OperationContext,
  { targetGroupId, stop: { key, item } }: ConfigurationOperation & { kind: "restoreItem" },
): Outcome {
  const { unit } = context;
  const group = requireGroupById(context, targetGroupId);
  const before = unit.autoEnrolments.get(group.key) ?? [];
  const { id: itemId, ...terms } = item;
  const itemKey = itemKeyOf({ kind: item.kind, itemId });
  if (before.some((other) => itemKeyOf(other) === itemKey)) return { kind: "done", id: group.id };
  // Other groups may enrol in it by another name since.
  const name = itemNamesOf(unit.config).get(itemKey) ?? item.name;
  setItems(context, group, [...before, { ...terms, itemId, name }]);
  unit.execute(
    sql`UPDATE stopped_items SET undone_at = ${unit.now} WHERE company_key = ${unit.config.companyKey} AND stop_key = ${key}`,
  );
  scheduleAddingWork(context, "restoreItem", key);
  return { kind: "done", id: group.id };
}

const SIZE = 500;
function selectMembers({ subjectKey, after }: FollowUp): Read<Row[]> {
  return selectRows(sql`SELECT DISTINCT t.user_key AS k, u.setting_key, u.id FROM stopped_items s
  CROSS JOIN target_group_members t ON t.target_group_key = s.target_group_key CROSS JOIN users u ON u.user_key = t.user_key
  WHERE s.stop_key = ${subjectKey} AND t.user_key > ${after} ORDER BY t.user_key LIMIT ${literal(SIZE)}`);
}
const STOP = columnsOf(stoppedItems, "s", ["kind", "itemId", "undoneAt"]);
const KEPT = columnsIn(pick(ENROLMENT, "progressStatus", "score", "completedAt", "dueAt", "isOverdue"), "e");
/** What of the members up to the key `last` the stop withdrew; what was completed since is of their past, as ever. */
function selectWithdrawn({ subjectKey, after }: FollowUp, last: number): Read<Row[]> {
  return selectRows(sql`SELECT u.setting_key, u.id, ${KEPT.list} FROM stopped_items s
  CROSS JOIN target_group_members t ON t.target_group_key = s.target_group_key
    AND t.user_key > ${after} AND t.user_key <= ${last}
  CROSS JOIN users u ON u.user_key = t.user_key
  CROSS JOIN enrolments e ON e.user_key = t.user_key AND e.kind = s.kind AND e.item_id = s.item_id
    AND e.status = 'withdrawn' AND e.withdrawn_at >= s.stopped_at AND e.progress_status IS NOT 'completed'
  WHERE s.stop_key = ${subjectKey} ORDER BY e.enrolment_key`);
}

async function readMembers(d1: D1Database, followUp: FollowUp): Promise<FoundStep> {
  const ofKey = sql`SELECT ${STOP.list} FROM stopped_items s WHERE s.stop_key = ${followUp.subjectKey}`;
  const read = together({ members: selectMembers(followUp), stop: selectFirst(ofKey, STOP.read) });
  const { members: results, stop } = await runRead({ d1 }, read);
  const refs = results.map((row) => refOf(Number(row.setting_key), String(row.id)));
  const last = Number(results.at(-1)?.k ?? followUp.after);
  const rows = await runRead({ d1 }, selectWithdrawn(followUp, last));
  const progress = rows.map((row) => ({ ref: refOf(Number(row.setting_key), String(row.id)), ...KEPT.read(row) }));
  return {
    refs,
    nextAfter: results.length < SIZE ? null : last,
    ...(stop !== null && { restored: { ...stop, progress } }),
  };
}

/** The work of undoing that a target group enrols in an item no more. */
export const RESTORE: FollowUpWork = {
  readStep: readMembers,
  foresee: (unit, { refs }) => {
    for (const ref of refs) unit.users.want(ref);
  },
  run: (context, _followUp, { refs, restored }) => {
    if (restored !== undefined) restoreProgress(context, restored);
    for (const ref of refs) {
      const user = context.unit.users.get(ref);
      if (user !== undefined) context.touchPerson(user);
    }
  },
};

/** Has whoever is planned for in this step go on where they stood, and those who were planned for since the undo, too. */
function restoreProgress(
  context: OperationContext,
  { kind, itemId, undoneAt, progress }: NonNullable<FollowUpStep["restored"]>,
): void {
  const { unit } = context;
  const itemKey = itemKeyOf({ kind, itemId });
  const byPerson = new Map<string, CarriedProgress>();
  // Of those withdrawn several times since, the last counts.
  for (const { ref, ...kept } of progress) {
    const user = unit.users.get(ref);
    if (user !== undefined) byPerson.set(personKeyOf(user), kept);
  }
  context.restoredItem = { itemKey, progress: byPerson };
  unit.persons.require([...byPerson.keys()]);
  const isFresh = (enrolment: Enrolment) =>
    itemKeyOf(enrolment) === itemKey &&
    isOpen(enrolment) &&
    enrolment.progressStatus === null &&
    enrolment.startedAt >= (undoneAt ?? unit.now);
  const fresh = [...byPerson].flatMap(([personKey, kept]) =>
    (unit.enrolments.get(personKey) ?? []).filter(isFresh).map(({ id }): [string, CarriedProgress] => [id, kept]),
  );
  if (fresh.length > 0) carryOverProgress(context, new Map(fresh));
}
