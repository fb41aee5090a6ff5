import { OPEN_ENROLMENT } from "../directory/enrolment-column-values.ts";
import type { Database } from "../platform/database.ts";
import { runRead, selectValues } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";

/** An enrolment `e` that has an end and is not told to be overdue yet, as the index on what is due has it. */
const AWAITED = rawSql(`e.due_at IS NOT NULL AND ${OPEN_ENROLMENT} AND e.is_overdue = 0`);

/** When the next enrolment of a company is due that is yet to be told of, by the index that has no others. */
export function nextDue(companyKey: number): Sql {
  return sql`(SELECT min(e.due_at) FROM enrolments e INDEXED BY enrolments_due
    WHERE e.company_key = ${companyKey} AND ${AWAITED})`;
}

/** The ids of a company's enrolments that were due by `time` (ms) and are not told to be overdue, the longest due first. */
export async function findOverdue(
  { d1 }: Pick<Database, "d1">,
  companyId: string,
  { time, take }: { time: number; take: number },
): Promise<string[]> {
  const statement = sql`SELECT e.id
    FROM companies c CROSS JOIN enrolments e INDEXED BY enrolments_due ON e.company_key = c.company_key
    WHERE c.id = ${companyId} AND ${AWAITED} AND e.due_at <= ${time} ORDER BY e.due_at LIMIT ${take}`;
  return runRead({ d1 }, selectValues<string>(statement));
}
