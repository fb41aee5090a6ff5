import type { Read } from "./read-batch.ts";
import { rawSql, type Sql, sql } from "./sql.ts";

/** What rows may come to that are read at once (bytes of what is stored): an isolate has 128 MB for all its requests. */
export const BYTES_AT_ONCE = 2_000_000;

/** Rows of a list from a place on; `isCut` when there are fewer than were asked for because of their size. */
export interface Stretch<Row> {
  rows: Row[];
  isCut: boolean;
}

/** How many bytes some columns of a row take, as a piece of SQL; no text is read for it. */
export function bytesOf(columns: readonly string[]): Sql {
  return rawSql(columns.map((column) => `coalesce(octet_length(${column}), 0)`).join(" + "));
}

/**
 * Reads the rows of a statement, which ends in an order and a limit and has a column `size` (bytes), as far as they come to
 * `budget`; the first always comes.
 */
export function selectStretch<Row>(
  rows: Sql,
  toRow: (selected: unknown) => Row,
  budget: number = BYTES_AT_ONCE,
): Read<Stretch<Row>> {
  return {
    statements: [withinBytes(rows, budget)],
    decode: ([selected = []]) => ({ rows: selected.map(toRow), isCut: isCut(selected) }),
  };
}

/** The statement of `selectStretch`; what it counts has names that no column of a row has. */
export function withinBytes(rows: Sql, budget: number): Sql {
  return sql`SELECT * FROM (SELECT r.*, count(*) OVER () AS stretch_rows,
      sum(r.size) OVER (ROWS UNBOUNDED PRECEDING) AS stretch_bytes
    FROM (${rows}) r) WHERE stretch_bytes <= ${budget} + 0 OR stretch_bytes = size`;
}

/** Whether rows of such a statement are fewer than it found. */
export function isCut(selected: readonly unknown[]): boolean {
  const [first] = selected;
  // The statement selects it.
  return first !== undefined && selected.length < (first as { stretch_rows: number }).stretch_rows;
}

/** What the rows of such a statement come to (bytes). */
export function totalOf(selected: readonly unknown[]): number {
  // The statement selects it: a running sum.
  return Math.max(0, ...selected.map((row) => (row as { stretch_bytes: number }).stretch_bytes));
}
