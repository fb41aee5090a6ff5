import type { Database } from "../platform/database.ts";
import { runRead, selectValue, selectValues } from "../platform/read-batch.ts";
import { rawSql, sql } from "../platform/sql.ts";

/** What a company is looked at again for, by the column that says when. */
type Due = "alerts_due_at" | "enrolments_due_at";

/** When a company is to be looked at again for what a column says (ms), or null. */
export function findDue({ d1 }: Pick<Database, "d1">, due: Due, companyId: string): Promise<number | null> {
  const statement = sql`SELECT ${rawSql(due)} FROM companies WHERE id = ${companyId} AND deleted_at IS NULL`;
  return runRead({ d1 }, selectValue<number>(statement));
}

/** The ids of up to 200 companies that were to be looked at before `time` (ms) for what a column says, the longest due first. */
export function findCompaniesDue({ d1 }: Pick<Database, "d1">, due: Due, time: number): Promise<string[]> {
  const at = rawSql(due);
  const statement = sql`SELECT id FROM companies WHERE ${at} IS NOT NULL AND ${at} < ${time} AND deleted_at IS NULL
    ORDER BY ${at} LIMIT 200`;
  return runRead({ d1 }, selectValues<string>(statement));
}
