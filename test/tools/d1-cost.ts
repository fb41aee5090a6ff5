import { env } from "cloudflare:workers";
import { vi } from "vitest";

/** What was asked of D1: round trips, and the rows that D1 counts. */
export interface D1Cost {
  trips: number;
  rowsRead: number;
  rowsWritten: number;
}

/**
 * What some work costs at D1, in the Worker and in its objects: what its time comes to on any machine. Whatever else goes on
 * in the runtime meanwhile is counted too.
 */
export async function costOfD1(work: () => Promise<unknown>): Promise<D1Cost> {
  const cost: D1Cost = { trips: 0, rowsRead: 0, rowsWritten: 0 };
  const note = (results: D1Result[]) => {
    cost.trips += 1;
    for (const { meta } of results) {
      cost.rowsRead += meta.rows_read;
      cost.rowsWritten += meta.rows_written;
    }
  };
  const database: D1Database = Object.getPrototypeOf(env.DB);
  const statement: D1PreparedStatement = Object.getPrototypeOf(env.DB.prepare("SELECT 1"));
  const { batch } = database;
  const { all, run } = statement;
  const spies = [
    vi.spyOn(database, "batch").mockImplementation(async function (this: D1Database, statements) {
      const results = await batch.call(this, statements);
      note(results);
      return results as never; // of the rows that the caller expects
    }),
    ...(["all", "run"] as const).map((name) =>
      vi.spyOn(statement, name).mockImplementation(async function (this: D1PreparedStatement) {
        const result = await (name === "all" ? all : run).call(this);
        note([result]);
        return result as never; // of the rows that the caller expects
      }),
    ),
    vi.spyOn(statement, "first").mockImplementation(async function (this: D1PreparedStatement, column?: string) {
      const result = await all.call(this);
      note([result]);
      const row = result.results[0] as Record<string, unknown> | undefined;
      return (row === undefined ? null : column === undefined ? row : row[column]) as never;
    }),
  ];
  try {
    await work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return cost;
}
