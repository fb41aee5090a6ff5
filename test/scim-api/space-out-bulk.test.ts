import { describe, expect, it } from "vitest";
import { BulkPace } from "../../src/scim-api/space-out-bulk.ts";

/** A pace on a clock that moves only by waiting. */
function paceOf() {
  const waits: number[] = [];
  const clock = { now: 1_000 };
  const pace = new BulkPace(
    () => clock.now,
    async (time) => void waits.push(time),
  );
  return { pace, waits, clock };
}

describe("Bulk requests that come at once", () => {
  it("are read one after the other, each after as long as the bytes before it take at the pace", async () => {
    const { pace, waits } = paceOf();
    for (const bytes of [300_000, 300_000, 2_000, 300_000]) await pace.waitFor("a", bytes);
    expect(waits).toEqual([150, 300, 301]);
  });

  it("wait for nobody else's, nor where the one before them is some time ago", async () => {
    const { pace, waits, clock } = paceOf();
    await pace.waitFor("a", 300_000);
    await pace.waitFor("b", 300_000);
    clock.now += 150;
    await pace.waitFor("a", 300_000);
    expect(waits).toEqual([]);
  });

  it("wait for two seconds at most, whatever those before them announce", async () => {
    const { pace, waits } = paceOf();
    for (let n = 0; n < 100; n += 1) await pace.waitFor("a", 8_000_000);
    expect(waits.every((wait) => wait === 2_000)).toBe(true);
    expect(waits).toHaveLength(99);
  });

  it("are forgotten where they are of too many companies to remember", async () => {
    const { pace, waits } = paceOf();
    for (let n = 0; n < 5_000; n += 1) await pace.waitFor(String(n), 2_000_000);
    await pace.waitFor("4999", 2_000);
    expect(waits).toEqual([1_000]);
  });
});
