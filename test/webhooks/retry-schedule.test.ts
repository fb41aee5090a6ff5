import { describe, expect, it } from "vitest";
import { planRetry, RETRY_DELAYS } from "../../src/webhooks/retry-schedule.ts";

const HOUR = 3_600_000;

describe("the back-off of webhooks", () => {
  it("never shortens and lasts three days", () => {
    expect([...RETRY_DELAYS].sort((left, right) => left - right)).toEqual(RETRY_DELAYS);
    const total = RETRY_DELAYS.reduce((sum, delay) => sum + delay, 0);
    expect(total / HOUR).toBeGreaterThan(71);
    expect(total / HOUR).toBeLessThan(73);
  });

  it("tries again after each delay, a tenth sooner or later, and gives up after the last", () => {
    for (const [index, delay] of RETRY_DELAYS.entries()) {
      expect(planRetry(index + 1, 1000, 0.5, null)).toBe(1000 + delay);
      expect(planRetry(index + 1, 0, 0, null)).toBe(Math.round(delay * 0.9));
      expect(planRetry(index + 1, 0, 0.9999999, null)).toBeLessThanOrEqual(delay * 1.1);
    }
    expect(planRetry(RETRY_DELAYS.length + 1, 0, 0.5, null)).toBeNull();
  });

  it("waits as long as Retry-After asks, up to an hour", () => {
    expect(planRetry(1, 0, 0.5, 90_000)).toBe(90_000);
    expect(planRetry(1, 0, 0.5, 1_000)).toBe(5_000);
    expect(planRetry(1, 0, 0.5, 900 * HOUR)).toBe(HOUR);
  });
});
