import { describe, expect, it } from "vitest";
import { addRefusal, type FailingWrite, judgeFailing } from "../../src/alerts/failing-write.ts";
import { newId } from "../../src/platform/uuid.ts";

const HOUR = 3_600_000;
const NOW = Date.parse("2026-03-02T08:00:00Z");

function rows(...refused: [code: string, subject: string, minutesAgo?: number][]): FailingWrite[] {
  const made = new Map<string, FailingWrite>();
  for (const [code, subject, minutesAgo = 0] of refused) {
    const at = NOW - minutesAgo * 60_000;
    const one = { settingKey: 1, code, subject, name: null, at, requestId: newId(at) };
    made.set(`${code} ${subject}`, addRefusal(made.get(`${code} ${subject}`), one));
  }
  return [...made.values()];
}

function codes(failing: FailingWrite[], writes = 0, told: string[] = []): string[] {
  const { found } = judgeFailing({ settingKey: 1, rows: failing, writes, alerted: new Set(told) }, NOW);
  return found.map(({ subject, count }) => `${subject} ${count}`).sort();
}

const people = (count: number, code = "x") =>
  Array.from({ length: count }, (_, n): [string, string] => [code, `p${n}`]);

describe("refused writes", () => {
  it.each([
    ["none", rows(), 100, []],
    ["one of 20: 5 %, not more", rows(...people(1)), 20, []],
    ["two of 20", rows(...people(2)), 20, ["x 2"]],
    ["two of 40", rows(...people(2)), 40, []],
    ["three of 40, each of another", rows(...people(3)), 40, ["x 3"]],
    ["all of 19", rows(...people(19)), 19, []],
    ["of two codes, together more than 5 %", rows(["x", "a"], ["y", "b"]), 20, ["x 1", "y 1"]],
    ["more than an hour ago", rows(["x", "a", 61], ["x", "b", 61]), 20, []],
    ["an hour ago to the millisecond", rows(["x", "a", 60], ["x", "b", 60]), 20, []],
    ["a millisecond less ago", rows(["x", "a", 60 - 1 / 60_000], ["x", "b"]), 20, ["x 2"]],
    ["one of them an hour ago", rows(["x", "a", 60], ["x", "b"]), 20, []],
    ["one person then and now, and another", rows(["x", "a", 60], ["x", "a"], ["x", "b"]), 20, ["x 3"]],
    ["three of 60: 5 %, not more", rows(...people(3)), 60, []],
    ["three of 59", rows(...people(3)), 59, ["x 3"]],
    ["one person twice", rows(["x", "a"], ["x", "a"]), 0, []],
    ["one person three times", rows(["x", "a"], ["x", "a"], ["x", "a"]), 0, ["x 3"]],
    ["one person three times in a day", rows(["x", "a", 900], ["x", "a", 400], ["x", "a"]), 0, ["x 3"]],
    ["one person three times, of two codes", rows(["x", "a"], ["y", "a"], ["x", "a"]), 0, ["x 2", "y 1"]],
    ["three people once", rows(...people(3)), 0, []],
    ["nobody in particular three times", rows(["x", ""], ["x", ""], ["x", ""]), 0, ["x 3"]],
  ])("%s", (_, failing, writes, found) => {
    expect(codes(failing, writes)).toEqual(found);
  });

  it("of a code that is told stay while any is left", () => {
    expect(codes(rows(["x", "a"]), 0, ["x"])).toEqual(["x 1"]);
    expect(codes(rows(["y", "a"]), 0, ["x"])).toEqual([]);
  });

  it("name their latest requests, and are remembered for a week", () => {
    const failing = rows(...Array.from({ length: 30 }, (): [string, string] => ["x", "a"]));
    const verdict = judgeFailing({ settingKey: 1, rows: failing, writes: 0, alerted: new Set() }, NOW);
    expect(verdict.found[0]?.facts.requestIds).toHaveLength(20);
    expect(verdict.found[0]?.count).toBe(30);
    expect(verdict.nextAt).toBe(NOW + 7 * 24 * HOUR);
  });
});
