import { packJson } from "../platform/pack-json.ts";
import type { Sql } from "../platform/sql.ts";

/** Rows packed for `json_each`, as a FROM item named `j` with a column `value`; null for no rows. */
export function listOf(rows: readonly unknown[]): Sql | null {
  const texts = packJson(rows);
  if (texts.length === 0) return null;
  if (texts.length === 1) return { sql: "json_each(?) j", params: texts };
  return {
    sql: `(${unionOf(
      texts.map(() => "SELECT value FROM json_each(?)"),
      " UNION ALL ",
    )}) j`,
    params: texts,
  };
}

/** The values of a packed list, as a subquery for IN. */
export function valuesOf(rows: readonly unknown[]): Sql {
  const list = listOf(rows);
  return list === null
    ? { sql: "(SELECT NULL AS value WHERE 0)", params: [] }
    : { sql: `(SELECT value FROM ${list.sql})`, params: list.params };
}

/** D1 refuses more than six terms in one compound SELECT, so longer unions are nested. */
export function unionOf(selects: readonly string[], operator = " UNION "): string {
  if (selects.length <= 5) return selects.join(operator);
  const rest = unionOf(selects.slice(5), operator);
  return `SELECT * FROM (${selects.slice(0, 5).join(operator)})${operator}SELECT * FROM (${rest})`;
}
