import { STOPPED_ITEM } from "../directory/tables.ts";
import { type AutoEnrolment, itemKeyOf } from "../enrolment/plan-enrolments.ts";
import { namesOf, valuesOfRow } from "../platform/columns.ts";
import { bindEach, rawSql, sql } from "../platform/sql.ts";
import type { OperationContext } from "./operation-context.ts";

const COLUMNS = ["company_key", ...namesOf(STOPPED_ITEM)];
const OF_GROUP = ["company_key", "target_group_key", "kind", "item_id"];
const INSERT = rawSql(`INSERT INTO stopped_items (${COLUMNS.join(", ")})`);
const REPLACE = rawSql(
  `ON CONFLICT (${OF_GROUP.join(", ")}) DO UPDATE SET ${COLUMNS.filter((name) => !OF_GROUP.includes(name))
    .map((name) => `${name} = excluded.${name}`)
    .join(", ")}`,
);

/** Keeps what a target group enrols its members in no more once it has other items, and on which terms it did: for an undo. */
export function recordStoppedItems(
  { unit, cause }: OperationContext,
  targetGroupKey: number,
  items: readonly AutoEnrolment[],
): void {
  const staying = new Set(items.map(itemKeyOf));
  const { companyKey } = unit.config;
  for (const { dueInDays = null, reenrol = null, ...item } of unit.autoEnrolments.get(targetGroupKey) ?? []) {
    if (staying.has(itemKeyOf(item))) continue;
    const stop = { targetGroupKey, ...item, dueInDays, reenrol, stoppedAt: unit.now };
    const row = { ...stop, requestId: cause.requestId, undoneAt: null };
    const values = bindEach([companyKey, ...valuesOfRow(STOPPED_ITEM, row)]);
    unit.execute(sql`${INSERT} VALUES (${values}) ${REPLACE}`);
  }
}

/** Forgets that a target group enrolled in items no more which it was given anew: there is nothing to undo. */
export function forgetStoppedItems(
  { unit }: OperationContext,
  targetGroupKey: number,
  before: readonly AutoEnrolment[],
  items: readonly AutoEnrolment[],
): void {
  const known = new Set(before.map(itemKeyOf));
  for (const item of items)
    if (!known.has(itemKeyOf(item)))
      unit.execute(
        sql`DELETE FROM stopped_items WHERE company_key = ${unit.config.companyKey} AND target_group_key = ${targetGroupKey}
          AND kind = ${item.kind} AND item_id = ${item.itemId}`,
      );
}
