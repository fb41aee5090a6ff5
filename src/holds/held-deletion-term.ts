import type { Database } from "../platform/database.ts";
import { runRead, selectValue, selectValues } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";

/** How long a deletion waits for a decision at most (ms): a person's data is not kept for one that nobody takes. */
export const LONGEST_WAIT = 30 * 24 * 3_600_000;

const WAITS = sql`u.held_by IS NOT NULL AND u.held_as = 'deleted' AND u.held_version IS NOT NULL`;

/** When the deletion that has waited longest in a company began to (ms); null when none waits. */
export async function findOldestDeletion({ d1 }: Pick<Database, "d1">, companyId: string): Promise<number | null> {
  const statement = sql`SELECT min(u.held_at) AS at
    FROM companies c CROSS JOIN holds h ON h.company_key = c.company_key AND h.status = 'open'
    CROSS JOIN users u ON u.held_by = h.hold_key WHERE c.id = ${companyId} AND ${WAITS}`;
  return runRead({ d1 }, selectValue<number>(statement));
}

/** The ids of companies in which a deletion has waited for too long. */
export async function findCompaniesPastTerm({ d1 }: Pick<Database, "d1">, now: number): Promise<string[]> {
  const statement = sql`SELECT DISTINCT c.id FROM users u JOIN companies c ON c.company_key = u.company_key
    WHERE ${WAITS} AND u.held_at <= ${now - LONGEST_WAIT} LIMIT 500`;
  return runRead({ d1 }, selectValues<string>(statement));
}
