import { packJson } from "../platform/pack-json.ts";
import type { Sql } from "../platform/sql.ts";

/** Keeps names that users lost at `now` (ms), in the log's folding: what was asked by them is found when the users are erased. */
export function keepFormerNames(
  companyKey: number,
  lost: readonly (readonly [userKey: number, name: string])[],
  now: number,
): Sql[] {
  return packJson(lost).map((text) => ({
    sql: `INSERT OR REPLACE INTO former_names (user_key, name, company_key, lost_at)
      SELECT j.value->>0, j.value->>1, ?, ? FROM json_each(?) j`,
    params: [companyKey, now, text],
  }));
}

/** Forgets what erased users were called before. */
export function forgetFormerNames(userKeys: readonly number[]): Sql {
  return {
    sql: "DELETE FROM former_names WHERE user_key IN (SELECT value FROM json_each(?))",
    params: [JSON.stringify(userKeys)],
  };
}
