import { describe, expect, it } from "vitest";
import { judgeHolds, judgeQuotas, judgeWebhooks } from "../../src/alerts/judge-holds-quotas-webhooks.ts";

const MINUTE = 60_000;
const NOW = 1_000 * MINUTE;

describe("a hold", () => {
  it.each([
    ["9 minutes and a bit", 10 * MINUTE - 1, [], NOW + 1],
    ["10 minutes", 10 * MINUTE, ["h"], null],
  ])("open for %s", (_, age, found, nextAt) => {
    const hold = { id: "h", settingKey: 1, kind: "leavers", people: 7, openedAt: NOW - age };
    const verdict = judgeHolds([hold], NOW);
    expect(verdict.found.map(({ subject }) => subject)).toEqual(found);
    expect(verdict.nextAt).toBe(nextAt);
    if (found.length > 0) expect(verdict.found[0]).toMatchObject({ count: 7, since: hold.openedAt });
  });
});

describe("a quota", () => {
  it.each([
    [0, 0, false],
    [79, 100, false],
    [80, 100, true],
    [100, 100, true],
    [0, 100, false],
    [3, 4, false],
    [4, 5, true],
  ])("of which %i of %i are used", (used, limit, isFound) => {
    expect(judgeQuotas([{ name: "people", used, limit }], NOW).found).toHaveLength(isFound ? 1 : 0);
  });
});

describe("a webhook", () => {
  it.each([
    [true, false, false],
    [true, true, true],
    [false, true, false],
    [false, false, false],
  ])("enabled: %s, failing: %s", (isEnabled, isFailing, isFound) => {
    const verdict = judgeWebhooks(
      [{ id: "w", url: "https://hooks.example/x?secret", isEnabled, isFailing, failure: "Answered 500." }],
      NOW,
    );
    const facts = { host: "hooks.example", reason: "Answered 500." };
    expect(verdict.found.map((each) => each.facts)).toEqual(isFound ? [facts] : []);
  });
});
