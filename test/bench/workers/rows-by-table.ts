/** Rows that were written, by table, and of them the entries that indexes gained (negative: lost), by index. */
export interface Rows {
  tables: Record<string, number>;
  indexes: Record<string, number>;
}

/** The table that a statement writes to, or null for one that only reads. */
export function tableWritten(sql: string): string | null {
  return /\b(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)/i.exec(sql)?.[1] ?? null;
}

/** Adds up the rows that statements wrote. */
export function rowsByTable(statements: readonly { sql: string; rowsWritten: number }[]): Record<string, number> {
  const tables: Record<string, number> = {};
  for (const { sql, rowsWritten } of statements) {
    const table = tableWritten(sql);
    if (rowsWritten > 0) tables[table ?? "unknown"] = (tables[table ?? "unknown"] ?? 0) + rowsWritten;
  }
  return tables;
}

/** How many entries each index of a database has; a table without a rowid is its own index. */
export async function countEntries(d1: D1Database): Promise<Record<string, number>> {
  const { results } = await d1
    .prepare(
      "SELECT name, tbl_name AS tableName, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name",
    )
    .all<{ name: string; tableName: string; sql: string }>();
  const counts = await d1.batch<{ n: number }>(
    results.map(({ tableName, sql }) => {
      const condition = /\)\s*WHERE\s+(.*)$/is.exec(sql)?.[1] ?? "TRUE";
      return d1.prepare(`SELECT count(*) AS n FROM ${tableName} WHERE ${condition}`);
    }),
  );
  return Object.fromEntries(results.map(({ name }, index) => [name, counts[index]?.results[0]?.n ?? 0]));
}

/** What the second count has more than the first. */
export function gained(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
  const entries = Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)] as const);
  return Object.fromEntries(entries.filter(([, by]) => by !== 0));
}
