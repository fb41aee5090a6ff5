import { packJson } from "../platform/pack-json.ts";
import { type Sql, sql, unionOf } from "../platform/sql.ts";

/** Rows packed for `json_each`, as a FROM item named `j` with a column `value`; null for no rows. */
export function listOf(rows: readonly unknown[]): Sql | null {
  const lists = packJson(rows).map((text) => sql`json_each(${text})`);
  const [first] = lists;
  if (first === undefined) return null;
  if (lists.length === 1) return sql`${first} j`;
  const selects = lists.map((list) => sql`SELECT value FROM ${list}`);
  return sql`(${unionOf(selects, " UNION ALL ")}) j`;
}

/** The values of a packed list, as a subquery for IN. */
export function valuesOf(rows: readonly unknown[]): Sql {
  const list = listOf(rows);
  return list === null ? sql`(SELECT NULL AS value WHERE 0)` : sql`(SELECT value FROM ${list})`;
}
