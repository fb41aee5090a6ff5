import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./build-worker.ts";

/** As much of D1 as migrations need, in Miniflare's types and in ours. */
interface Migratable {
  prepare(sql: string): { run(): Promise<unknown>; all(): Promise<{ results: Record<string, unknown>[] }> };
}

/**
 * Applies the project's migrations that a database has not seen; each statement ends with a line, and none within one. With `only`, none
 * but those of these names.
 */
export async function migrate(d1: Migratable, only?: readonly string[]): Promise<void> {
  await d1.prepare("CREATE TABLE IF NOT EXISTS bench_migrations (name TEXT PRIMARY KEY)").run();
  // What the floor writes to.
  await d1.prepare("CREATE TABLE IF NOT EXISTS bench_writes (write_key INTEGER PRIMARY KEY, body TEXT)").run();
  const { results } = await d1.prepare("SELECT name FROM bench_migrations").all();
  const done = new Set(results.map(({ name }) => name));
  const folder = join(ROOT, "migrations");
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith(".sql") || done.has(name) || only?.includes(name) === false) continue;
    const text = readFileSync(join(folder, name), "utf8").replace(/^\s*--.*$/gm, "");
    for (const statement of text.split(/;\s*$/m)) if (statement.trim() !== "") await d1.prepare(statement).run();
    await d1.prepare(`INSERT INTO bench_migrations VALUES ('${name}')`).run();
  }
}
