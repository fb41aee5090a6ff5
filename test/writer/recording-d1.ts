import { assertWithinLimits } from "../../src/platform/d1-limits.ts";

/** A statement as it went to D1, with the rows that D1 counted for it. */
export interface Recorded {
  sql: string;
  values: unknown[];
  rowsRead: number;
  rowsWritten: number;
}

/** D1 takes a compound SELECT of so many terms (measured by those before us; see unionOf in src/platform/sql.ts). */
const COMPOUND_TERMS = 6;

/** A D1 that keeps what goes through it, and refuses what the real one refuses though the local one does not. */
export class RecordingD1 {
  trips = 0;
  statements: Recorded[] = [];
  readonly d1: D1Database;

  constructor(d1: D1Database) {
    const texts = new WeakMap<D1PreparedStatement, { sql: string; values: unknown[] }>();
    const record = <R extends D1Result>(statement: D1PreparedStatement, result: R): R => {
      const { sql = "", values = [] } = texts.get(statement) ?? {};
      const { rows_read: rowsRead, rows_written: rowsWritten } = result.meta;
      this.statements.push({ sql, values, rowsRead, rowsWritten });
      return result;
    };
    const register = (statement: D1PreparedStatement, sql: string, values: unknown[]): D1PreparedStatement => {
      assertWithinLimits(sql, values);
      assertCompound(sql);
      texts.set(statement, { sql, values });
      const all = statement.all.bind(statement);
      statement.all = async <T>() => {
        this.trips += 1;
        return record(statement, await all<T>());
      };
      statement.run = statement.all;
      statement.first = async (column?: string) => {
        const row = (await statement.all<Record<string, unknown>>()).results[0];
        return (row === undefined ? null : column === undefined ? row : row[column]) as never;
      };
      return statement;
    };
    this.d1 = {
      prepare: (sql: string) => {
        const statement = register(d1.prepare(sql), sql, []);
        const bind = statement.bind.bind(statement);
        statement.bind = (...values: unknown[]) => register(bind(...values), sql, values);
        return statement;
      },
      batch: async <T>(statements: D1PreparedStatement[]) => {
        this.trips += 1;
        const results = await d1.batch<T>(statements);
        for (const [index, statement] of statements.entries()) {
          const result = results[index];
          if (result !== undefined) record(statement, result);
        }
        return results;
      },
    } as D1Database; // only what the product uses
  }

  /** Forgets what went through so far. */
  clear(): void {
    this.trips = 0;
    this.statements = [];
  }
}

/** Terms are counted at each depth of parentheses on its own. */
function assertCompound(sql: string): void {
  const terms = [1];
  for (const [token] of sql.matchAll(/'[^']*'|\(|\)|\bUNION\b/gi)) {
    if (token === "(") terms.push(1);
    else if (token === ")") terms.pop();
    else if (token.toUpperCase() === "UNION") terms.push((terms.pop() ?? 1) + 1);
    if ((terms.at(-1) ?? 1) > COMPOUND_TERMS) throw new RangeError(`too many terms in one compound SELECT: ${sql}`);
  }
}

/** Tables that grow with a company: nothing that answers a request may walk one. */
const LARGE =
  "users|groups|group_members|user_emails|target_group_members|enrolments|changes|provisioning_log|request_log|packed_look_ups|webhook_deliveries";

/** The steps of a statement's query plan that walk a large table from end to end. */
export async function scansOf(d1: D1Database, { sql, values }: Recorded): Promise<string[]> {
  const { results } = await d1
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...values)
    .all<{ detail: string }>();
  const names = new Set<string>();
  for (const [, table = "", alias] of sql.matchAll(new RegExp(`\\b(${LARGE})\\b(?:\\s+(?:AS\\s+)?(\\w+))?`, "gi"))) {
    names.add(table);
    if (alias !== undefined) names.add(alias);
  }
  return results.flatMap(({ detail }) => {
    const scanned = /^SCAN (\w+)/.exec(detail)?.[1];
    return scanned !== undefined && names.has(scanned) ? [detail] : [];
  });
}
