import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { openRegistry } from "../../src/platform/database.ts";
import { type GrowingRows, purge } from "../../src/platform/purge-old-rows.ts";
import { sql } from "../../src/platform/sql.ts";

const LINE: GrowingRows = {
  chunk: 10,
  owners: sql`SELECT owner, min(time) AS oldest FROM lines GROUP BY owner`,
  remove: (owner, olderThan) => sql`DELETE FROM lines WHERE line_key IN
    (SELECT line_key FROM lines WHERE owner = ${owner} AND time < ${olderThan} ORDER BY time LIMIT 10)`,
};

/** Gives `owners` owners `each` rows at times that grow with the owner's number. */
async function fill(owners: number, each: number): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO lines (owner, time) WITH RECURSIVE
       o(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM o WHERE i < ?1),
       n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
     SELECT o.i, o.i * 1000 + n.i FROM o, n`,
  )
    .bind(owners, each)
    .run();
}

async function left(): Promise<number> {
  return (await env.DB.prepare("SELECT count(*) AS n FROM lines").first<number>("n")) ?? 0;
}

describe("purge", () => {
  beforeEach(async () => {
    await env.DB.exec("DROP TABLE IF EXISTS lines");
    await env.DB.exec("CREATE TABLE lines (line_key INTEGER PRIMARY KEY, owner INTEGER, time INTEGER)");
  });

  it("comes to every owner, however many keep having something old", async () => {
    await fill(1_200, 1);
    for (let hour = 0; hour < 3; hour += 1) {
      await purge(openRegistry(env), LINE, 10_000_000);
      // The first to be purged have old rows again an hour later, as companies with steady traffic do.
      await env.DB.prepare("INSERT INTO lines (owner, time) SELECT i.value, 9000000 FROM json_each('[1,2,3]') i").run();
    }
    const { results } = await env.DB.prepare("SELECT DISTINCT owner FROM lines").all<{ owner: number }>();
    expect(results.map(({ owner }) => owner)).toEqual([1, 2, 3]);
  });

  it("takes all of a long line, in pieces, and ends when there is too much for one call", async () => {
    await fill(3, 95);
    expect(await purge(openRegistry(env), LINE, 2_050)).toBe(95 + 49);
    expect(await left()).toBe(46 + 95);
    await fill(1, 20_000);
    const purged = await purge(openRegistry(env), LINE, 10_000_000);
    expect(purged).toBeGreaterThan(500);
    expect(purged).toBeLessThan(20_000);
    expect(await left()).toBe(20_000 + 46 + 95 - purged);
  });
});
