import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addLoss,
  type Batch,
  countLosses,
  type LossCounts,
  removeLoss,
  WINDOW,
} from "../../src/holds/count-losses-against-limit.ts";
import { type PackedCounts, packCounts, unpackCounts } from "../../src/holds/pack-loss-counts.ts";
import { draw } from "../generated-cases.ts";

const NOW = Date.parse("2026-03-02T08:00:00Z");
const COMPANY = 7 * 2 ** 32;
/** What a row of D1 holds at most. */
const MOST_BYTES = 2_000_000;

function keepAndRead(counts: LossCounts, now = NOW): LossCounts {
  const { text, counts: kept } = packCounts(counts, now);
  expect(new TextEncoder().encode(text).byteLength).toBeLessThan(MOST_BYTES);
  const read = unpackCounts(JSON.parse(text) as PackedCounts); // as it was written
  // toEqual takes ten times as long for long lists.
  if (!isDeepStrictEqual(kept, read)) expect(kept).toEqual(read);
  return read;
}

/** Many who lost one after the other, each in a commit of its own. */
function crowd(count: number, detail = "All Staff"): Batch[] {
  return Array.from({ length: count }, (_, n) => ({
    at: NOW - WINDOW + 1 + Math.floor((n * (WINDOW - 2)) / count),
    base: 100_000 - n,
    losses: [
      {
        userKey: COMPANY + 1 + ((n * 7_919) % 200_000),
        lost: { targetGroupKey: COMPANY + 1, kind: "idp", sourceKey: 3, detail },
      },
    ],
    more: 0,
  }));
}

describe("counts in their row", () => {
  const lost = fc.option(
    fc.record({
      targetGroupKey: fc.nat().map((n) => COMPANY + n),
      kind: fc.constantFrom("idp" as const, "field" as const, "ungrouped" as const),
      sourceKey: fc.nat(),
      detail: fc.string(),
    }),
  );
  const batch = fc.record({
    at: fc.integer({ min: NOW - WINDOW + 1, max: NOW }),
    base: fc.nat(),
    more: fc.nat(3),
    losses: fc.array(fc.record({ userKey: fc.nat().map((n) => COMPANY + n), lost }), { minLength: 1, maxLength: 4 }),
  });
  const batches = fc.array(batch, { minLength: 1, maxLength: 6 }).map((all) => all.sort((a, b) => a.at - b.at));

  it("are what they were", () => {
    const names = fc.constantFrom("leavers", "moves", "group 12", "announced");
    fc.assert(
      fc.property(fc.dictionary(names, batches), (counts) => {
        expect(keepAndRead(counts)).toEqual({ ...counts });
      }),
      draw(150),
    );
  });

  it("are read from a row that has the batches themselves", () => {
    const counts = { leavers: crowd(3) };
    expect(unpackCounts(counts)).toEqual(counts);
  });

  it("know 20,000 people in each of three counters: whoever is back comes off", () => {
    const counts = keepAndRead({ moves: crowd(20_000), "group 1": crowd(20_000), leavers: crowd(20_000) });
    expect(Object.values(counts).map(countLosses)).toEqual([20_000, 20_000, 20_000]);
    let { leavers = [] } = counts;
    const people = crowd(20_000).flatMap(({ losses }) => losses.map(({ userKey }) => userKey));
    for (const userKey of people.slice(0, 200)) leavers = removeLoss(leavers, userKey, () => true) ?? leavers;
    expect(countLosses(leavers)).toBe(19_800);
    const back = { userKey: people[0] ?? 0, lost: null };
    expect(countLosses(addLoss(leavers, back, { now: NOW, base: () => 20_000 }) ?? [])).toBe(19_801);
  });

  it.each([
    ["more people than fit", { leavers: crowd(100_000), moves: crowd(20_000) }],
    ["long names of many groups", Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => longNamed(n)))],
  ])("of %s keep the number of all, and the latest by person", (_, counts: LossCounts) => {
    const read = keepAndRead(counts);
    const sum = (all: LossCounts) => Object.values(all).reduce((total, one) => total + countLosses(one), 0);
    expect(sum(read)).toBe(sum(counts));
    for (const [name, all] of Object.entries(counts)) expect(read[name]?.[0]?.base).toBe(all[0]?.base);
    const latest = Object.values(counts).map((all) => all.at(-1));
    expect(Object.values(read).map((all) => all.at(-1))).toEqual(expect.arrayContaining([latest.at(-1)]));
    // Rather too much than too little, and none of it for longer than an hour.
    expect(keepAndRead(read, NOW + WINDOW)).toEqual({});
  });

  it("of more counters than fit are those of the groups that lost most", () => {
    const counts = Object.fromEntries(
      Array.from({ length: 30_000 }, (_, n) => [
        `group ${COMPANY + n}`,
        [{ at: NOW, base: 10, losses: [], more: n === 17 ? 9 : 1 }],
      ]),
    );
    const kept = keepAndRead(counts);
    expect(Object.keys(kept).length).toBeGreaterThan(1_000);
    expect(kept).toHaveProperty([`group ${COMPANY + 17}`]);
  });
});

function longNamed(n: number): [string, Batch[]] {
  const detail = `${n}${"é".repeat(1_000)}`;
  return [`group ${n}`, crowd(1, detail).map((batch) => ({ ...batch, at: NOW - 3_000 + n }))];
}
