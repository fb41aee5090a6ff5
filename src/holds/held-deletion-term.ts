import type { Database } from "../platform/database.ts";

/** How long a deletion waits for a decision at most (ms): a person's data is not kept for one that nobody takes. */
export const LONGEST_WAIT = 30 * 24 * 3_600_000;

const WAITS = "u.held_by IS NOT NULL AND u.held_as = 'deleted' AND u.held_version IS NOT NULL";

/** When the deletion that has waited longest in a company began to (ms); null when none waits. */
export async function findOldestDeletion({ d1 }: Pick<Database, "d1">, companyId: string): Promise<number | null> {
  return d1
    .prepare(
      `SELECT min(u.held_at) AS at FROM companies c CROSS JOIN holds h ON h.company_key = c.company_key AND h.status = 'open'
       CROSS JOIN users u ON u.held_by = h.hold_key WHERE c.id = ? AND ${WAITS}`,
    )
    .bind(companyId)
    .first<number | null>("at");
}

/** The ids of companies in which a deletion has waited for too long. */
export async function findCompaniesPastTerm({ d1 }: Pick<Database, "d1">, now: number): Promise<string[]> {
  const { results } = await d1
    .prepare(
      `SELECT DISTINCT c.id FROM users u JOIN companies c ON c.company_key = u.company_key
       WHERE ${WAITS} AND u.held_at <= ? LIMIT 500`,
    )
    .bind(now - LONGEST_WAIT)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}
