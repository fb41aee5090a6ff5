import { describe, expect, it } from "vitest";
import { judgeSilence } from "../../src/alerts/judge-silence.ts";
import { addTraffic, longestGap, type Traffic, withoutPause, writesOfHour } from "../../src/alerts/setting-traffic.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 1_000 * DAY;

const used = (writes: number, isAccepted = writes > 0) => ({ writes, isAccepted });
const heard = (more: Partial<Traffic> = {}): Traffic => ({ since: 0, at: NOW, gaps: [], slots: [], ...more });

describe("silence", () => {
  const long = (length: number, ended = NOW - DAY): Partial<Traffic> => ({ gaps: [[ended, length]] });
  it.each([
    ["never used", undefined, 10 * DAY, false, null],
    ["quiet for less than a day", heard(), DAY - 1, false, NOW + DAY],
    ["quiet for a day", heard(), DAY, true, null],
    [
      "with a pause of ten hours, quiet for less than 30",
      heard(long(10 * HOUR)),
      30 * HOUR - 1,
      false,
      NOW + 30 * HOUR,
    ],
    ["with a pause of ten hours, quiet for 30", heard(long(10 * HOUR)), 30 * HOUR, true, null],
    ["with a long pause that ended 14 days before", heard(long(10 * DAY, NOW - 14 * DAY)), DAY, true, null],
    [
      "with a long pause that ended a moment later",
      heard(long(10 * DAY, NOW - 14 * DAY + 1)),
      30 * DAY - 1,
      false,
      NOW + 30 * DAY,
    ],
    ["with a pause of eight hours", heard(long(8 * HOUR)), DAY, true, null],
    ["with a moment more", heard(long(8 * HOUR + 1)), DAY, false, NOW + DAY + 3],
    ["with a long pause 15 days before", heard(long(10 * DAY, NOW - 15 * DAY)), DAY, true, null],
    ["in its first week", heard({ since: NOW - 7 * DAY + 1 }), DAY - 1, false, NOW + DAY + 1],
    ["that was used for less than a week", heard({ since: NOW - 7 * DAY + 1 }), 30 * DAY, false, null],
    ["used for a week", heard({ since: NOW - 7 * DAY }), DAY, true, null],
  ])("of a setting %s", (_, traffic, quietFor, isSilent, nextAt) => {
    const verdict = judgeSilence([{ key: 1, isLive: true, traffic }], NOW + quietFor);
    expect(verdict.found.map(({ kind }) => kind)).toEqual(isSilent ? ["silent"] : []);
    expect(verdict.nextAt).toBe(nextAt);
    expect(judgeSilence([{ key: 1, isLive: false, traffic }], NOW + quietFor)).toEqual({ found: [], nextAt: null });
  });

  it("is not found over any week-end of an IdP that pauses then, whenever it began", () => {
    // 2026-03-02 is a Monday.
    const monday = Date.parse("2026-03-02T00:00:00Z");
    for (let start = 0; start < 7 * 24; start += 5) {
      let traffic: Traffic | undefined;
      for (let hour = start; hour < 40 * 24; hour += 1) {
        const now = monday + hour * HOUR;
        const day = new Date(now).getUTCDay();
        const isWork = day > 0 && day < 6 && hour % 24 >= 8 && hour % 24 < 18;
        if (isWork) traffic = addTraffic(traffic, now, used(1));
        const { found } = judgeSilence([{ key: 1, isLive: true, traffic }], now);
        expect(found, `started in hour ${start}, hour ${hour}`).toEqual([]);
      }
    }
  });
});

describe("traffic", () => {
  it("of a setting that goes on after a pause is what it was before it, and no request was ever later", () => {
    const before: Traffic = { since: 0, at: 8 * DAY, gaps: [[7 * DAY, 20 * HOUR]], slots: [] };
    const after = withoutPause(before, 30 * DAY);
    expect(after).toEqual({ since: 22 * DAY, at: 30 * DAY, gaps: [[29 * DAY, 20 * HOUR]], slots: [] });
    expect(longestGap(after)).toBe(longestGap(before));
    expect(withoutPause(before, 7 * DAY)).toEqual(before);
  });

  it("keeps the longest pause of each of the last days, and the writes of the last hour", () => {
    let traffic = addTraffic(undefined, 0, used(0));
    for (const [at, writes] of [
      [HOUR, 2],
      [5 * HOUR, 1],
      [6 * HOUR, 3],
      [6.5 * HOUR, 4],
    ] as const)
      traffic = addTraffic(traffic, at, used(writes));
    expect(longestGap(traffic)).toBe(4 * HOUR);
    expect(traffic.gaps).toHaveLength(1);
    expect(writesOfHour(traffic, 6.9 * HOUR)).toBe(7);
    expect(writesOfHour(traffic, 9 * HOUR)).toBe(0);
    // By ten minutes: those that began with the hour, or within ten minutes before it.
    const counted = addTraffic(undefined, 6 * HOUR, used(5));
    expect(writesOfHour(counted, 7 * HOUR + HOUR / 6 - 1)).toBe(5);
    expect(writesOfHour(counted, 7 * HOUR + HOUR / 6)).toBe(0);
    for (let day = 1; day < 40; day += 1) traffic = addTraffic(traffic, day * DAY, used(1));
    expect(traffic.gaps.length).toBeLessThanOrEqual(16);
    expect(JSON.stringify(traffic).length).toBeLessThan(700);
  });

  it("tells when a write was accepted last, whatever was refused or read since, and nothing while that is not known", () => {
    const read = addTraffic(addTraffic(undefined, 1, used(0)), 2, used(3, false));
    expect(read).not.toHaveProperty("accepted");
    const accepted = addTraffic(addTraffic(read, 3, used(2)), 4, used(9, false));
    expect(addTraffic(withoutPause(accepted, 9), 10, used(0)).accepted).toBe(3);
  });
});
