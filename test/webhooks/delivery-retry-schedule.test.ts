import { describe, expect, it } from "vitest";
import { planRetry, RETRY_DELAYS, RETRY_PERIOD } from "../../src/webhooks/delivery-retry-schedule.ts";
import { SEND_TIMEOUT } from "../../src/webhooks/send-webhook.ts";

const HOUR = 3_600_000;

describe("the back-off of webhooks", () => {
  it("never shortens, and an attempt with the wait after it never takes a minute", () => {
    expect([...RETRY_DELAYS].sort((left, right) => left - right)).toEqual(RETRY_DELAYS);
    for (const count of [1, 2, 3, 4, 5_000])
      expect((planRetry({ count, since: 0 }, 0, 0.9999999, null) ?? 0) + SEND_TIMEOUT).toBeLessThanOrEqual(60_000);
  });

  it("tries again after each delay, a tenth sooner or later, and then after the last one each time", () => {
    const delays = [...RETRY_DELAYS, RETRY_DELAYS.at(-1) ?? 0, RETRY_DELAYS.at(-1) ?? 0];
    for (const [index, delay] of delays.entries()) {
      const failures = { count: index + 1, since: 0 };
      expect(planRetry(failures, 1000, 0.5, null)).toBe(1000 + delay);
      expect(planRetry(failures, 0, 0, null)).toBe(Math.round(delay * 0.9));
      expect(planRetry(failures, 0, 0.9999999, null)).toBeLessThanOrEqual(delay * 1.1);
    }
  });

  it("gives up after three days of failing, however many attempts these were", () => {
    expect(RETRY_PERIOD).toBe(72 * HOUR);
    for (const count of [1, 60, 6_000]) {
      expect(planRetry({ count, since: 5 }, 4 + RETRY_PERIOD, 0.5, null)).not.toBeNull();
      expect(planRetry({ count, since: 5 }, 5 + RETRY_PERIOD, 0.5, null)).toBeNull();
    }
  });

  it("waits as long as Retry-After asks, up to an hour", () => {
    const failures = { count: 1, since: 0 };
    expect(planRetry(failures, 0, 0.5, 90_000)).toBe(90_000);
    expect(planRetry(failures, 0, 0.5, 1_000)).toBe(5_000);
    expect(planRetry(failures, 0, 0.5, 900 * HOUR)).toBe(HOUR);
  });
});
