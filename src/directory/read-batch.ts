import type { Database } from "../platform/database.ts";
import { prepare, type Sql } from "./sql.ts";

/** Statements and how to understand their rows, so that parts of a read share one round trip to D1. */
export interface Read<T> {
  statements: Sql[];
  /** The first statement gives one row at most, and its column `row_key` is never NULL. */
  isSingle?: boolean;
  /** Takes the rows of `statements`, in their order. */
  decode(results: unknown[][]): T;
}

/** Reads nothing. */
export const NOTHING: Read<null> = { statements: [], decode: () => null };

/** Runs a read in one D1 batch. */
export async function runRead<T>({ d1 }: Database, { statements, decode }: Read<T>): Promise<T> {
  const results = await d1.batch(statements.map((statement) => prepare(d1, statement)));
  return decode(results.map(({ results: rows }) => rows));
}

/** The rows of a statement; `Row` names the columns that the statement itself selects. */
export function rowsOf<Row>(rows: unknown[] | undefined): Row[] {
  // D1 cannot know a statement's columns: the caller wrote them.
  return (rows ?? []) as Row[];
}
