import { stoppedItems } from "../directory/tables.ts";
import { DAY } from "../platform/clock.ts";
import { columnsOf } from "../platform/columns.ts";
import { type Read, selectAll } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import type { GroupAutoEnrolment } from "./enrolment-store.ts";
import { presentTerms } from "./present-progress.ts";

/** How long an undo is offered (ms). */
export const UNDO_FOR = 30 * DAY;

/** What a target group enrolled its members in until it was stopped, with the terms of then. */
export interface StoppedItem {
  key: number;
  item: GroupAutoEnrolment;
  /** In milliseconds. */
  stoppedAt: number;
}

const STOP = columnsOf(stoppedItems, "s", ["key", "kind", "itemId", "name", "dueInDays", "reenrol", "stoppedAt"]);

/** Stopped items that a page shows of a group. */
const MOST = 20;

/** Reads what a target group was made to enrol its members in no more since a time (ms) and can be undone, the latest first. */
export function selectStoppedItems(
  companyKey: number,
  targetGroupKey: number | Sql,
  since: number,
): Read<StoppedItem[]> {
  const statement = sql`SELECT ${STOP.list} FROM stopped_items s WHERE s.company_key = ${companyKey}
    AND s.target_group_key = ${targetGroupKey} AND s.undone_at IS NULL AND s.stopped_at >= ${since}
    ORDER BY s.stopped_at DESC, s.stop_key DESC LIMIT ${MOST}`;
  return selectAll(statement, (row) => {
    const { key, itemId, stoppedAt, kind, name, ...terms } = STOP.read(row);
    return { key, stoppedAt, item: { kind, id: itemId, name, ...presentTerms(terms) } };
  });
}

/** Reads which target groups were made to enrol in an item no more by some requests, by the ids of these. */
export function selectStopsOfItem(
  companyKey: number,
  { kind, id }: Pick<GroupAutoEnrolment, "kind" | "id">,
  requestIds: readonly string[],
): Read<Map<string, { id: string; name: string }>> {
  const statement = sql`SELECT s.request_id AS requestId, t.id, t.name FROM json_each(${JSON.stringify(requestIds)}) j
    CROSS JOIN stopped_items s ON s.company_key = ${companyKey} AND s.kind = ${kind} AND s.item_id = ${id}
      AND s.request_id = j.value
    CROSS JOIN target_groups t ON t.target_group_key = s.target_group_key`;
  const read = selectAll(statement, (row) => row as { requestId: string; id: string; name: string }); // its columns
  return {
    ...read,
    decode: (results) => new Map(read.decode(results).map(({ requestId, ...group }) => [requestId, group])),
  };
}
