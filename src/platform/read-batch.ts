import { assertWithinLimits } from "./d1-limits.ts";
import type { Database } from "./database.ts";
import { prepare, type Sql, type SqlValue } from "./sql.ts";

/** Statements and how to understand their rows, so that parts of a read share one round trip to D1. */
export interface Read<T> {
  statements: Sql[];
  /** How much of a shared trip it takes: 1 for what gives a row, more for a page. What may take long has none. */
  share?: number;
  /** Takes the rows of `statements`, in their order. */
  decode(results: unknown[][]): T;
}

/** What a read gives. */
type Given<Part> = Part extends Read<infer Value> ? Value : never;

/** Reads the rows of one statement; `toRow` understands what it selects. */
export function selectAll<Row>(statement: Sql, toRow: (selected: unknown) => Row): Read<Row[]> {
  return { statements: [statement], decode: ([rows = []]) => rows.map(toRow) };
}

/** Reads the one row of a statement, or the first, or null. */
export function selectFirst<Row>(statement: Sql, toRow: (selected: unknown) => Row): Read<Row | null> {
  return { statements: [statement], decode: ([rows = []]) => (rows.length === 0 ? null : toRow(rows[0])) };
}

/** Several reads as one, by name: what they tell is of one moment. */
export function together<Parts extends Record<string, Read<unknown>>>(
  parts: Parts,
): Read<{ [Name in keyof Parts]: Given<Parts[Name]> }> {
  return {
    statements: Object.values(parts).flatMap(({ statements }) => statements),
    decode: (results) => {
      let next = 0;
      const values = Object.entries(parts).map(([name, { statements, decode }]) => {
        const own = results.slice(next, next + statements.length);
        next += statements.length;
        return [name, decode(own)];
      });
      // Each value is what the read of its name gives.
      return Object.fromEntries(values) as { [Name in keyof Parts]: Given<Parts[Name]> };
    },
  };
}

/** Reads nothing. */
export const NOTHING: Read<null> = { statements: [], share: 1, decode: () => null };

/** Runs a read in one D1 batch of its own. */
export async function runRead<T>({ d1 }: Pick<Database, "d1">, { statements, decode }: Read<T>): Promise<T> {
  return decode(await runBatch(d1, prepareAll(d1, statements)));
}

/** Runs a read in one D1 batch of its own; gives too how long its statements took the database (ms, by D1's own measure). */
export async function runTimed<T>(
  { d1 }: Database,
  { statements, decode }: Read<T>,
): Promise<{ value: T; duration: number }> {
  const results = await d1.batch(prepareAll(d1, statements));
  const value = decode(results.map(({ results: rows }) => rows));
  return { value, duration: timeOf(results) };
}

/** How long the statements of a batch took the database (ms, by D1's own measure). */
export function timeOf(results: readonly D1Result[]): number {
  return results.reduce((sum, { meta }) => sum + meta.duration, 0);
}

/** Statements ready for a batch. */
export function prepareAll(d1: D1Database, statements: readonly Sql[]): D1PreparedStatement[] {
  return statements.map((statement) => prepare(d1, statement));
}

/** Runs statements in one D1 batch; gives the rows of each. */
export async function runBatch(d1: D1Database, statements: D1PreparedStatement[]): Promise<unknown[][]> {
  const results = await d1.batch(statements);
  return results.map(({ results: rows }) => rows);
}

/** The rows of a statement; `Row` names the columns that the statement itself selects. */
export function rowsOf<Row>(rows: unknown[] | undefined): Row[] {
  // D1 cannot know a statement's columns: the caller wrote them.
  return (rows ?? []) as Row[];
}

/** Sends statements as they are written, numbered parameters and all, in one D1 batch: all of them or none. */
export function sendStatements(
  d1: D1Database,
  statements: readonly Sql[],
): Promise<D1Result<Record<string, SqlValue>>[]> {
  for (const { sql, params } of statements) assertWithinLimits(sql, params);
  return d1.batch<Record<string, SqlValue>>(statements.map(({ sql, params }) => d1.prepare(sql).bind(...params)));
}
