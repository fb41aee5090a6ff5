import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BATCHES_AT_ONCE, LINGER, MOST_WEIGHT, PATIENCE, runShared } from "../../src/directory/shared-read-batches.ts";
import type { Read } from "../../src/platform/read-batch.ts";
import { sql } from "../../src/platform/sql.ts";

/** A batch that reached D1, which answers it when the test says so. */
interface Trip {
  names: string[];
  comeBack(): void;
  fail(message: string): void;
}

/** A D1 whose statements give a row with their own parameter and what was committed when they ran. */
function fakeD1() {
  const trips: Trip[] = [];
  const state = { committed: 0 };
  const batch = (statements: string[]) =>
    new Promise((resolve, reject) => {
      const seen = state.committed;
      trips.push({
        names: statements,
        comeBack: () => resolve(statements.map((name) => ({ results: [{ name, seen }] }))),
        fail: (message) => reject(new Error(message)),
      });
    });
  const prepare = () => ({ bind: (name: string) => name });
  // Prepare, bind and batch are all that a read uses.
  const d1 = { prepare, batch } as unknown as D1Database;
  /** Has as many lone reads of a company under way as may be: the next ones gather until one of them is back. */
  const fill = (companyKey = 1) => {
    for (let n = 0; n < BATCHES_AT_ONCE; n += 1) void runShared(d1, companyKey, read(`lone${n}`), keep);
    return trips.splice(0);
  };
  return { d1, trips, state, fill };
}

function read(name: string, extent: Pick<Read<unknown>, "weight"> = { weight: 1 }): Read<unknown> {
  return { statements: [sql`SELECT ${name}`], ...extent, decode: ([rows]) => rows?.[0] };
}

const kept: Promise<unknown>[] = [];
const keep = (work: Promise<unknown>) => kept.push(work);

/** Lets everything run that waits for nothing but time. */
const pass = (time: number) => vi.advanceTimersByTimeAsync(time);

/** Lets everything run that waits for no timer. */
async function settle(): Promise<void> {
  for (let n = 0; n < 50; n += 1) await Promise.resolve();
}

beforeEach(() => {
  vi.useFakeTimers();
  kept.length = 0;
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("reads that share a trip", () => {
  it("sends a lone read at once, and the next one after it too", async () => {
    const { d1, trips } = fakeD1();
    for (const name of ["a", "b"]) {
      const answer = runShared(d1, 1, read(name), keep);
      expect(trips.at(-1)?.names).toEqual([name]);
      trips.at(-1)?.comeBack();
      expect(await answer).toEqual({ name, seen: 0 });
    }
  });

  it("sends some at once, each alone, and takes what gathers meanwhile along in the next one, each with its own rows", async () => {
    const { d1, trips, fill } = fakeD1();
    const lone = fill();
    expect(lone.map(({ names }) => names)).toEqual(Array.from({ length: BATCHES_AT_ONCE }, (_, n) => [`lone${n}`]));
    const answers = ["b", "c", "d"].map((name) => runShared(d1, 1, read(name), keep));
    expect(trips).toEqual([]);
    lone[3]?.comeBack();
    await pass(1);
    expect(trips.map(({ names }) => names)).toEqual([["b", "c", "d"]]);
    trips[0]?.comeBack();
    expect(await Promise.all(answers)).toEqual(["b", "c", "d"].map((name) => ({ name, seen: 0 })));
    expect(vi.getTimerCount()).toBe(0);
  });

  it("lets no company wait for what another one asks", async () => {
    const { d1, trips, fill } = fakeD1();
    fill();
    const other = runShared(d1, 2, read("b"), keep);
    expect(trips.map(({ names }) => names)).toEqual([["b"]]);
    trips[0]?.comeBack();
    expect(await other).toEqual({ name: "b", seen: 0 });
  });

  it("never joins a trip that has left: a read sees what was committed before it was asked", async () => {
    const { d1, trips, state, fill } = fakeD1();
    const before = runShared(d1, 1, read("before"), keep);
    const [left] = trips.splice(0);
    fill();
    state.committed = 1;
    const after = runShared(d1, 1, read("after"), keep);
    left?.comeBack();
    await pass(1);
    trips[0]?.comeBack();
    expect(await before).toEqual({ name: "before", seen: 0 });
    expect(await after).toEqual({ name: "after", seen: 1 });
  });

  it("is as strict with a trip that took others along", async () => {
    const { d1, trips, state, fill } = fakeD1();
    const [lone] = fill();
    const before = runShared(d1, 1, read("before"), keep);
    lone?.comeBack();
    await pass(1);
    state.committed = 1;
    const after = runShared(d1, 1, read("after"), keep);
    trips[0]?.comeBack();
    await pass(1);
    expect(trips.map(({ names }) => names)).toEqual([["before"], ["after"]]);
    trips[1]?.comeBack();
    expect(await before).toEqual({ name: "before", seen: 0 });
    expect(await after).toEqual({ name: "after", seen: 1 });
  });
});

describe("reads whose trip is slow, refused, full or gone", () => {
  it("waits for a slow trip only a little", async () => {
    const { d1, trips, fill } = fakeD1();
    fill();
    const answer = runShared(d1, 1, read("b"), keep);
    await pass(LINGER - 1);
    expect(trips).toHaveLength(0);
    await pass(2);
    expect(trips).toHaveLength(1);
    trips[0]?.comeBack();
    expect(await answer).toEqual({ name: "b", seen: 0 });
  });

  it("sends each read alone when D1 refuses the trip, so that a refused statement is its own read's", async () => {
    const { d1, trips, fill } = fakeD1();
    const [lone] = fill();
    const answers = ["b", "bad", "d"].map((name) => runShared(d1, 1, read(name), keep));
    const settled = Promise.allSettled(answers);
    lone?.comeBack();
    await pass(1);
    trips[0]?.fail("bad statement");
    await pass(1);
    const alone = trips.slice(1);
    expect(alone.map(({ names }) => names)).toEqual([["b"], ["bad"], ["d"]]);
    for (const trip of alone)
      if (trip.names[0] === "bad") trip.fail("bad statement");
      else trip.comeBack();
    expect((await settled).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  it("goes alone when the request that took it along is gone, and blocks nobody later", async () => {
    const { d1, trips, fill } = fakeD1();
    const [lone] = fill();
    void runShared(d1, 1, read("gone"), keep);
    const answer = runShared(d1, 1, read("c"), keep);
    lone?.comeBack();
    await pass(1);
    expect(trips[0]?.names).toEqual(["gone", "c"]);
    // Its answer never comes: the runtime has dropped the request that sent it.
    await pass(PATIENCE);
    expect(trips[1]?.names).toEqual(["c"]);
    trips[1]?.comeBack();
    expect(await answer).toEqual({ name: "c", seen: 0 });
    const later = runShared(d1, 1, read("later"), keep);
    expect(trips[2]?.names).toEqual(["later"]);
    trips[2]?.comeBack();
    expect(await later).toEqual({ name: "later", seen: 0 });
  });

  it("does not join reads that gather behind a request that is gone", async () => {
    const { d1, trips, fill } = fakeD1();
    fill();
    vi.spyOn(globalThis, "setTimeout").mockReturnValueOnce(0 as never);
    void runShared(d1, 1, read("gone"), keep);
    await pass(PATIENCE);
    const later = runShared(d1, 1, read("later"), keep);
    expect(trips.at(-1)?.names).toEqual(["later"]);
    trips.at(-1)?.comeBack();
    expect(await later).toEqual({ name: "later", seen: 0 });
  });

  it("has the Worker kept at what other requests wait for", async () => {
    const { d1, trips, fill } = fakeD1();
    const [lone] = fill();
    expect(kept).toHaveLength(0);
    void runShared(d1, 1, read("b"), keep);
    void runShared(d1, 1, read("c"), keep);
    expect(kept).toHaveLength(1);
    lone?.comeBack();
    await pass(1);
    trips[0]?.fail("lost");
    await pass(1);
    trips[1]?.comeBack();
    await expect(kept[0]).resolves.not.toThrow();
  });

  it("leaves as soon as a trip is full, and sends what may take long alone", async () => {
    const { d1, trips, fill } = fakeD1();
    fill();
    void runShared(d1, 1, read("long", {}), keep);
    expect(trips[0]?.names).toEqual(["long"]);
    for (let n = 0; n < MOST_WEIGHT + 2; n += 1) void runShared(d1, 1, read(`r${n}`), keep);
    await settle();
    expect(trips[1]?.names).toHaveLength(MOST_WEIGHT);
    await pass(LINGER + 1);
    expect(trips[2]?.names).toEqual([`r${MOST_WEIGHT}`, `r${MOST_WEIGHT + 1}`]);
  });
});
