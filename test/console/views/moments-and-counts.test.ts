import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Moment } from "../../../src/console/views/moments-and-counts.tsx";

const NOW = Date.parse("2026-11-24T13:05:09Z");
const SECOND = 1_000;
const DAY = 86_400 * SECOND;

beforeEach(() => vi.useFakeTimers({ now: NOW }));
afterEach(() => vi.useRealTimers());

/** The words of a moment, without its tags. */
function wordsOf(time: number | null, exact?: boolean | "bare"): string {
  return String(Moment({ time, exact })).replace(/<[^>]+>/g, "");
}

it.each([
  [-30 * SECOND, "just now"],
  [30 * SECOND, "just now"],
  [-5 * 60 * SECOND, "5 min ago"],
  [5 * 60 * SECOND, "in 5 min"],
  [-3 * DAY, "3 d ago"],
  [3 * DAY, "in 3 d"],
  [-30 * DAY, "25 Oct 2026"],
  [30 * DAY, "24 Dec 2026"],
])("a moment %i ms from now is told as %s", (distance, words) => {
  expect(wordsOf(NOW + distance)).toBe(words);
});

it("an exact moment says that it is UTC, unless something beside it does", () => {
  expect(wordsOf(NOW, true)).toBe("24 Nov 2026, 13:05:09 UTC");
  expect(wordsOf(NOW, "bare")).toBe("24 Nov 2026, 13:05:09");
  expect(wordsOf(null)).toBe("–");
});
