import { env } from "cloudflare:workers";

async function tables(): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB '[a-z]*' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'd1_%'",
  ).all<{ name: string }>();
  return results.map(({ name }) => name);
}

/** Keeps the state of the database; gives what brings it back, as Time Travel would. */
export async function keepState(): Promise<() => Promise<unknown>> {
  const kept = await Promise.all(
    (await tables()).map(async (name) => {
      const { results } = await env.DB.prepare(`SELECT * FROM ${name}`).all();
      return { name, rows: JSON.stringify(results), columns: Object.keys(results[0] ?? {}) };
    }),
  );
  return () =>
    env.DB.batch(
      kept.flatMap(({ name, rows, columns }) => [
        env.DB.prepare(`DELETE FROM ${name}`),
        ...(columns.length === 0
          ? []
          : [
              env.DB.prepare(
                `INSERT INTO ${name} (${columns.join()}) SELECT ${columns.map((column) => `j.value->>'${column}'`).join()} FROM json_each(?) j`,
              ).bind(rows),
            ]),
      ]),
    );
}
