import { rawSql, type Sql, sql } from "../platform/sql.ts";

/** Two rows may take each other's names in one commit: the names are set free first, since SQLite checks row by row. */
export function freeNamesBeforeWriting(table: string, key: string, column: string, keys: readonly number[]): Sql[] {
  if (keys.length < 2) return [];
  const update = rawSql(`UPDATE ${table} SET ${column} = char(1) || ${key} WHERE ${key}`);
  return [sql`${update} IN (SELECT value FROM json_each(${JSON.stringify(keys)}))`];
}
