import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isoTime } from "../../src/platform/clock.ts";
import { draw } from "../generated-cases.ts";

/** The latest time that `Date` knows (ECMA-262, Time Values and Time Range). */
const LATEST = 8.64e15;

describe("isoTime", () => {
  it("prints every time as Date does", () => {
    fc.assert(
      fc.property(fc.integer({ min: -LATEST, max: LATEST }), (time) => {
        expect(isoTime(time)).toBe(new Date(time).toISOString());
      }),
      draw(500),
    );
  });

  it("prints times of one day and of the next, in any order", () => {
    const midnight = Date.UTC(2026, 11, 31);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2 * 86_400_000, max: 2 * 86_400_000 })), (offsets) => {
        for (const time of [0, -1, 1, ...offsets].map((offset) => midnight + offset))
          expect(isoTime(time)).toBe(new Date(time).toISOString());
      }),
      draw(500),
    );
  });

  it("gives null for no time, and refuses what is none", () => {
    expect(isoTime(null)).toBeNull();
    expect(() => isoTime(Number.NaN)).toThrow(RangeError);
    expect(() => isoTime(LATEST + 86_400_000)).toThrow(RangeError);
  });
});
