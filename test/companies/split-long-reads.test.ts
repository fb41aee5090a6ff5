import { describe, expect, it } from "vitest";
import { type Bounds, SplitReads } from "../../src/companies/split-long-reads.ts";
import { BREATH } from "../../src/platform/clock.ts";
import type { Database } from "../../src/platform/database.ts";
import { NOTHING } from "../../src/platform/read-batch.ts";

/** Bounded reads on a database whose statements take as long (ms) as their bounds say. */
function readsOf(durationOf: (rows: number) => number) {
  const rests: number[] = [];
  const spent: number[] = [];
  const bounds: Bounds[] = [];
  let rows = 0;
  const batch = async () => [{ results: [], meta: { duration: durationOf(rows) } }];
  // All that a read of no statement calls.
  const database = { d1: { batch } } as unknown as Database;
  const reads = new SplitReads(
    database,
    async (duration) => void spent.push(duration),
    async (time) => void rests.push(time),
  );
  const run = () =>
    reads.run((given) => {
      rows = given.rows;
      bounds.push(given);
      return NOTHING;
    });
  return { reads, run, rests, spent, bounds };
}

describe("the statements of a long read", () => {
  it.each([
    ["cheap rows", 0.01],
    ["rows of eight comparisons", 0.07],
    ["fat rows", 1],
  ])("come to take about 20 ms each, and no more than 30 from then on: %s", async (_, each) => {
    const { run, spent } = readsOf((rows) => rows * each);
    for (let n = 0; n < 12; n += 1) await run();
    const settled = spent.slice(6);
    for (const duration of settled) expect(duration).toBeLessThanOrEqual(30);
    expect(settled.at(-1)).toBeGreaterThanOrEqual(10);
  });

  it("grow twofold at most, and shrink at once", async () => {
    let each = 0;
    const { run, bounds } = readsOf((rows) => rows * each);
    for (let n = 0; n < 4; n += 1) await run();
    expect(bounds.map(({ rows }) => rows)).toEqual([200, 400, 800, 1_600]);
    each = 1;
    await run();
    await run();
    expect(bounds.at(-1)?.rows).toBeLessThan(25);
  });

  it("rest between them as long as each took, and are told one by one", async () => {
    const { reads, run, rests, spent } = readsOf(() => 200);
    await run();
    await reads.once(NOTHING);
    await run();
    expect(spent).toEqual([200, 200, 200]);
    expect(rests).toEqual([200, 200]);
  });

  it("let others in between any two of them, and rest no longer before they took as long as ten of them may", async () => {
    const { reads, run, rests } = readsOf(() => 40);
    for (let n = 0; n < 6; n += 1) await run();
    await reads.once(NOTHING);
    expect(rests).toEqual([BREATH, BREATH, BREATH, BREATH, 40, 40]);
    const quick = readsOf(() => 0);
    for (let n = 0; n < 3; n += 1) await quick.run();
    expect(quick.rests).toEqual([BREATH, BREATH]);
  });

  it("never grow beyond what a statement may hold, nor shrink to nothing", async () => {
    const cheap = readsOf(() => 0);
    for (let n = 0; n < 20; n += 1) await cheap.run();
    expect(cheap.bounds.at(-1)).toEqual({ rows: 20_000, bytes: 16_777_216 });
    const dear = readsOf(() => 5_000);
    for (let n = 0; n < 20; n += 1) await dear.run();
    expect(dear.bounds.at(-1)).toEqual({ rows: 10, bytes: 16_384 });
  });
});
