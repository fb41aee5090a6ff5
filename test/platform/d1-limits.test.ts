import { describe, expect, it } from "vitest";
import { assertWithinLimits } from "../../src/platform/d1-limits.ts";

describe("the limits of D1", () => {
  it("are 100 parameters, 100 KB of SQL and 2 MB for a value, in bytes and not in characters", () => {
    const within = () => assertWithinLimits("S".repeat(100_000), [...Array(99).fill(1), "€".repeat(666_666)]);
    expect(within).not.toThrow();
    expect(() => assertWithinLimits("SELECT 1", Array(101).fill(1))).toThrow(/101 parameters/);
    expect(() => assertWithinLimits("S".repeat(100_001), [])).toThrow(/text/);
    expect(() => assertWithinLimits("SELECT ?", ["x".repeat(2_000_001)])).toThrow(/value/);
    expect(() => assertWithinLimits("SELECT ?", ["€".repeat(666_667)])).toThrow(/value/);
  });
});
