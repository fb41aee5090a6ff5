import type { Database } from "../platform/database.ts";

/** Prepared statements and how to understand their results, so that several reads share one round trip to D1. */
export interface Read<T> {
  statements: D1PreparedStatement[];
  /** Takes the results of `statements`, in their order. */
  decode(results: D1Result[]): T;
}

/** Runs all `reads` in one D1 batch and gives each one's value under its name. */
export async function runReads<T extends Record<string, unknown>>(
  db: Database,
  reads: { [K in keyof T]: Read<T[K]> },
): Promise<T> {
  const named = Object.entries<Read<unknown>>(reads);
  const results = await db.d1.batch(named.flatMap(([, read]) => read.statements));
  let taken = 0;
  const values = named.map(([name, read]) => {
    const own = results.slice(taken, taken + read.statements.length);
    taken += read.statements.length;
    return [name, read.decode(own)] as const;
  });
  // The names and the decoders' types are those of `reads`, which Object.entries cannot carry.
  return Object.fromEntries(values) as T;
}

/** The rows of a statement; `Row` names the columns that the statement itself selects. */
export function rowsOf<Row>(result: D1Result | undefined): Row[] {
  // D1 cannot know a statement's columns: the caller wrote them.
  return (result?.results ?? []) as Row[];
}
