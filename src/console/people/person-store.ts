import { type Change, readChanges } from "../../changes/change-store.ts";
import type { Database } from "../../platform/database.ts";
import type { Read } from "../../platform/read-batch.ts";
import { sql } from "../../platform/sql.ts";

/**
 * Reads up to `take` changes about a person, newest first, before the one numbered `before`. Left to itself SQLite
 * walks the whole feed backwards.
 */
export function selectHistory(
  companyKey: number,
  userId: string,
  { take, before }: { take: number; before: number | null },
): Read<Change[]> {
  return readChanges(sql`SELECT seq, type, time, subject_kind, subject_id, data, cause
    FROM changes INDEXED BY changes_by_user WHERE company_key = ${companyKey} AND user_id = ${userId}
      AND seq < ${before ?? Number.MAX_SAFE_INTEGER} ORDER BY seq DESC LIMIT ${take}`);
}

/** Those of some request ids that the provisioning log holds: what was done by hand or by the API is not in it. */
export async function findLogged({ d1 }: Database, companyKey: number, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const { results } = await d1
    .prepare("SELECT l.id FROM json_each(?2) j CROSS JOIN provisioning_log l ON l.company_key = ?1 AND l.id = j.value")
    .bind(companyKey, JSON.stringify([...new Set(ids)].slice(0, 500)))
    .all<{ id: string }>();
  return new Set(results.map(({ id }) => id));
}
