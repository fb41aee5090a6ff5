import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./build-worker.ts";

/** As much of D1 as migrations need, in Miniflare's types and in ours. */
interface Migratable {
  prepare(sql: string): { all(): Promise<{ results: Record<string, unknown>[] }> };
  exec(sql: string): Promise<unknown>;
}

/**
 * Applies the project's migrations that a database has not seen; each statement ends with a line, and none within one. With `only`, none
 * but those of these names.
 */
export async function migrate(d1: Migratable, only?: readonly string[]): Promise<void> {
  // And what the floor writes to.
  await d1.exec(`CREATE TABLE IF NOT EXISTS bench_migrations (name TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS bench_writes (write_key INTEGER PRIMARY KEY, body TEXT);`);
  const { results } = await d1.prepare("SELECT name FROM bench_migrations").all();
  const done = new Set(results.map(({ name }) => name));
  const folder = join(ROOT, "migrations");
  const names = readdirSync(folder).filter(
    (name) => name.endsWith(".sql") && !done.has(name) && only?.includes(name) !== false,
  );
  const statements = names
    .sort()
    .flatMap((name) => [
      ...statementsOf(readFileSync(join(folder, name), "utf8")),
      `INSERT INTO bench_migrations VALUES ('${name}')`,
    ]);
  // D1 takes a line for a statement.
  if (statements.length > 0) await d1.exec(statements.map((statement) => `${statement};`).join("\n"));
}

/** The statements of a migration, each in one line. */
function statementsOf(text: string): string[] {
  const plain = text.replace(/^\s*--.*$/gm, "").split(/;\s*$/m);
  return plain
    .map((statement) => statement.trim().replaceAll(/\s*\n\s*/g, " "))
    .filter((statement) => statement !== "");
}
