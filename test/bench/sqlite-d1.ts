import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

/** A statement as D1 gives it out: its text, its values, and nothing run yet. */
interface Bound {
  sql: string;
  values: SQLInputValue[];
}

/** Told of every statement that is run, with how long it took (ms). */
type Watch = (sql: string, milliseconds: number, rows: number) => void;

/**
 * As much of D1 as the writer uses, over Node's own SQLite: for measuring the writer's JavaScript without workerd, as in
 * `node --cpu-prof` or under a heap limit.
 */
export function openSqliteD1(file: string, watch?: Watch): { d1: D1Database; close(): void } {
  const database = new DatabaseSync(file);
  const prepared = new Map<string, StatementSync>();
  const run = ({ sql, values }: Bound): { results: unknown[]; meta: { duration: number } } => {
    const statement = prepared.get(sql) ?? database.prepare(sql);
    prepared.set(sql, statement);
    const started = performance.now();
    const results = statement.all(...values);
    const duration = performance.now() - started;
    watch?.(sql, duration, results.length);
    return { results, meta: { duration } };
  };
  const wrap = (bound: Bound) => ({
    ...bound,
    bind: (...values: SQLInputValue[]) => wrap({ ...bound, values }),
    first: async (column?: string) => {
      // A row as SQLite gives it.
      const row = (run(bound).results[0] ?? null) as Record<string, unknown> | null;
      return row === null || column === undefined ? row : row[column];
    },
    all: async () => run(bound),
    run: async () => run(bound),
  });
  const batch = async (statements: Bound[]) => {
    database.exec("BEGIN");
    try {
      const results = statements.map(run);
      database.exec("COMMIT");
      return results;
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
  };
  const d1: unknown = {
    prepare: (sql: string) => wrap({ sql, values: [] }),
    batch,
    exec: async (sql: string) => database.exec(sql),
  };
  // Only what the writer uses of D1: prepare, bind, batch and first; and exec, for the migrations.
  return { d1: d1 as D1Database, close: () => database.close() };
}
