import { columnsOf } from "../platform/columns.ts";
import { packJson } from "../platform/pack-json.ts";
import { type Read, selectAll } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { formerNames } from "./tables.ts";

const NAME = columnsOf(formerNames, "f", ["name"]);

/** Reads what a user was called before, folded; kept as long as the rows that may name it so. */
export function selectFormerNames(userKey: Sql): Read<string[]> {
  return selectAll(
    sql`SELECT ${NAME.list} FROM former_names f WHERE f.user_key = ${userKey} ORDER BY f.name`,
    (selected) => NAME.read(selected).name,
  );
}

/** Reads what any of these users were called before. */
export function selectFormerNamesOfAll(userKeys: readonly number[]): Read<string[]> {
  return selectAll(
    sql`SELECT ${NAME.list} FROM json_each(${JSON.stringify(userKeys)}) j CROSS JOIN former_names f ON f.user_key = j.value`,
    (selected) => NAME.read(selected).name,
  );
}

/** Keeps names that users lost at `now` (ms), in the log's folding: what was asked by them is found when the users are erased. */
export function keepFormerNames(
  companyKey: number,
  lost: readonly (readonly [userKey: number, name: string])[],
  now: number,
): Sql[] {
  return packJson(lost).map(
    (text) => sql`INSERT OR REPLACE INTO former_names (user_key, name, company_key, lost_at)
      SELECT j.value->>0, j.value->>1, ${companyKey}, ${now} FROM json_each(${text}) j`,
  );
}

/** Forgets what erased users were called before. */
export function forgetFormerNames(userKeys: readonly number[]): Sql {
  return sql`DELETE FROM former_names WHERE user_key IN (SELECT value FROM json_each(${JSON.stringify(userKeys)}))`;
}
