import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SortedLists } from "../../src/companies/merge-sorted-lists.ts";
import type { Bounds, Reads } from "../../src/companies/split-long-reads.ts";
import { sql } from "../../src/platform/sql.ts";
import { draw } from "../generated-cases.ts";

interface Row {
  lane: number;
  value: number;
  isShown: boolean;
  size: number;
}

const TAKE = 3;

/** Lanes of rows as a database would give them: what a statement asks for stands in its parameters. */
function walkOf(lanes: readonly Row[][], isSearch: boolean) {
  const next = (lane: number, after: number) => (lanes[lane] ?? []).filter(({ value }) => value > after);
  let statements = 0;
  const reads = (bounds: Bounds): Pick<Reads, "run"> => ({
    run: async (read) => {
      const { statements: all, decode } = read(bounds);
      statements += all.length;
      return decode(
        all.map(({ params: [kind, lane, after, rows, ...rest] }) => {
          const looked = next(Number(lane), Number(after)).slice(0, Number(rows));
          if (kind === "end") return looked.length < Number(rows) ? [] : [{ value: looked.at(-1)?.value }];
          const shown = looked.filter((row) => row.isShown).slice(0, TAKE);
          const budget = Number(rest[0]);
          let total = 0;
          const rowsOf = shown.map((row) => {
            total += row.size;
            return { ...row, stretch_rows: shown.length, stretch_bytes: total };
          });
          return rowsOf.filter((row) => row.stretch_bytes <= budget || row.stretch_bytes === row.size);
        }),
      );
    },
  });
  const walk = new SortedLists<Row, number>(
    lanes.map((_, lane) => ({
      select: (after, { rows }) => sql`${"select"} ${lane} ${after ?? -1} ${rows}`,
      end: (after, { rows }) => sql`${"end"} ${lane} ${after ?? -1} ${rows}`,
      toRow: (selected) => {
        const { lane: of, value, isShown, size } = selected as Row; // by the fake database above
        return { lane: of, value, isShown, size };
      },
    })),
    {
      compare: (a, b) => a.value - b.value || a.lane - b.lane,
      placeOf: ({ value }) => value,
      toPlace: (selected) => (selected as { value: number }).value,
      ...{ take: TAKE, lightness: 1, isSearch },
    },
  );
  return { walk, reads, count: () => statements };
}

const lanesOf = (isSearch: boolean) =>
  fc
    .array(
      fc.uniqueArray(
        fc.record({
          value: fc.nat(40),
          isShown: isSearch ? fc.boolean() : fc.constant(true),
          size: fc.constantFrom(1, 400_000),
        }),
        { selector: ({ value }) => value, maxLength: 14 },
      ),
      { maxLength: 5 },
    )
    .map((all) => all.map((rows, lane) => rows.map((row) => ({ ...row, lane })).sort((a, b) => a.value - b.value)));

describe("several lists read as one", () => {
  it.each([false, true])("give every row that is shown once, in order (left out: %s)", async (isSearch) => {
    await fc.assert(
      fc.asyncProperty(lanesOf(isSearch), fc.integer({ min: 1, max: 9 }), async (lanes, rows) => {
        const { walk, reads } = walkOf(lanes, isSearch);
        const given: Row[] = [];
        for (;;) {
          const more = await walk.next(reads({ rows, bytes: 1 }) as Reads);
          if (more.length === 0) break;
          given.push(...more);
        }
        const expected = lanes.flat().filter(({ isShown }) => isShown);
        expect(given).toEqual(expected.sort((a, b) => a.value - b.value || a.lane - b.lane));
      }),
      draw(500),
    );
  });

  it("take as many statements as each list needs by itself", async () => {
    const lanes = [0, 1, 2].map((lane) =>
      Array.from({ length: 9 }, (_, n) => ({ lane, value: n * 3 + lane, isShown: true, size: 1 })),
    );
    const { walk, reads, count } = walkOf(lanes, false);
    const given: Row[] = [];
    for (let more = await walk.next(reads({ rows: 1, bytes: 1 }) as Reads); more.length > 0; ) {
      given.push(...more);
      more = await walk.next(reads({ rows: 1, bytes: 1 }) as Reads);
    }
    expect(given.map(({ value }) => value)).toEqual(Array.from({ length: 27 }, (_, n) => n));
    // Three full stretches of each, and one that says that no more follow.
    expect(count()).toBe(3 * 4);
  });
});
