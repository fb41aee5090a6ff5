import { describe, expect, test } from "vitest";
import { growth } from "./growth.ts";
import { billOf, costOf, PLAN, PRICES, plus, times, type Use } from "./prices.ts";

const use = (part: Partial<Use>): Use => ({
  ...{ requests: 0, cpu: 0, objectCalls: 0, objectDuration: 0, rowsRead: 0, rowsWritten: 0, kvReads: 0, stored: 0 },
  ...part,
});

describe("prices", () => {
  test("what a use costs by itself counts from the first unit", () => {
    expect(costOf(use({ rowsWritten: 3e6 }))).toBeCloseTo(3);
    expect(costOf(use({ requests: 1e6, stored: 2 }))).toBeCloseTo(0.3 + 1.5);
  });

  test("the bill of a month counts only what goes beyond the plan", () => {
    expect(billOf(use({ rowsWritten: PRICES.rowsWritten.included, kvReads: 1 }))).toBe(PLAN);
    expect(billOf(use({ rowsWritten: PRICES.rowsWritten.included + 2e6 }))).toBeCloseTo(PLAN + 2);
  });

  test("uses add up and multiply kind by kind", () => {
    const both = plus(use({ requests: 2, cpu: 3 }), times(use({ requests: 5, stored: 1 }), 2));
    expect(both).toEqual(use({ requests: 12, cpu: 3, stored: 2 }));
  });

  test("growth counts 10,000 companies as 10,000 times one", () => {
    const joiner = use({ rowsWritten: 40 });
    const member = use({ stored: 4e-6 });
    const rows = growth({ joiner, member, poll: use({ requests: 1 }) }).split("\n");
    const cells = (name: string) =>
      rows
        .find((row) => row.startsWith(`| ${name}`))
        ?.split("|")
        .map((cell) => cell.trim());
    expect(cells("D1 rows written")?.slice(2, 5)).toEqual(["400", "40,000", "4,000,000"]);
    expect(cells("D1 databases needed")?.slice(2, 5)).toEqual(["1", "1", "2"]);
    expect(cells("**dollars**, with webhooks")?.at(-2)).toBe(
      `**${(PLAN + (20 - PRICES.stored.included) * 0.75).toFixed(2)}**`,
    );
  });
});
