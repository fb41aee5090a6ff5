import { describe, expect, it } from "vitest";
import { judgeEnd } from "../../src/settings/credential-end.ts";

const NOW = Date.UTC(2026, 10, 29);
const DAY = 86_400_000;

describe("the end of a credential", () => {
  it.each([
    ["token", 100],
    ["secret", 10],
  ] as const)("of a %s lies in the future, and within %i years", (kind, years) => {
    for (const end of [NOW + 1, NOW + DAY, Date.UTC(2026 + years, 10, 29)]) expect(judgeEnd(kind, end, NOW)).toBeNull();
    for (const end of [NOW, NOW - 1, 0, Number.NaN]) expect(judgeEnd(kind, end, NOW)).toBe("in the future");
    for (const end of [Date.UTC(2026 + years, 11, 1), Date.UTC(9999, 11, 31)])
      expect(judgeEnd(kind, end, NOW)).toBe(`within the next ${years} years`);
  });
});
