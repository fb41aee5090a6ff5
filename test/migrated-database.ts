import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";

/** A statement and its parameters. */
type Statement = [sql: string, ...values: unknown[]];

/** What makes a migrated database; known once the first file of a runtime has applied the migrations. */
let copy: Statement[] | null = null;

/** Gives an empty database all migrations, or, in one batch, what came of them before. */
export async function migrate(database: D1Database): Promise<void> {
  if (copy !== null) {
    await database.batch(copy.map(([sql, ...values]) => database.prepare(sql).bind(...values)));
    return;
  }
  await applyD1Migrations(database, env.MIGRATIONS);
  copy = await describeDatabase(database);
}

/** The statements that make a database as it is: its tables, their rows, and its indexes. */
async function describeDatabase(database: D1Database): Promise<Statement[]> {
  const { results } = await database
    .prepare(
      `SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\' ORDER BY type = 'table' DESC, rowid`,
    )
    .all<{ type: string; name: string; sql: string }>();
  const statements: Statement[] = results.map(({ sql }) => [sql]);
  for (const { name } of results.filter(({ type }) => type === "table")) {
    const { results: rows } = await database.prepare(`SELECT * FROM "${name}"`).all();
    for (const row of rows) {
      const places = Object.keys(row).map(() => "?");
      statements.push([`INSERT INTO "${name}" (${Object.keys(row)}) VALUES (${places})`, ...Object.values(row)]);
    }
  }
  return statements;
}
