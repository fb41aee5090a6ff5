import { DAY } from "../platform/clock.ts";
import { earliest, type Verdict } from "./alert.ts";
import { longestGap, type Traffic } from "./setting-traffic.ts";

/** A setting is never silent before it has been used for so long (ms). */
const LEAST_KNOWN = 7 * DAY;
/** Nor after a shorter pause than this (ms). */
const LEAST_PAUSE = DAY;
/** How many times its longest pause a setting may be quiet. */
const TIMES = 3;

/** A setting as far as its silence goes. */
interface HeardSetting {
  key: number;
  /** Whether anything is to be expected of it: it is neither paused nor deleted. */
  isLive: boolean;
  traffic: Traffic | undefined;
}

/** Which settings have not been heard of for three times the longest pause that they made of late, and at least a day. */
export function judgeSilence(settings: readonly HeardSetting[], now: number): Verdict {
  const verdicts = settings.map((setting) => judgeOne(setting, now));
  return { found: verdicts.flatMap(({ found }) => found), nextAt: earliest(verdicts.map(({ nextAt }) => nextAt)) };
}

function judgeOne({ key, isLive, traffic }: HeardSetting, now: number): Verdict {
  if (!isLive || traffic === undefined) return { found: [], nextAt: null };
  const { since, at } = traffic;
  // Known for a week is what was in use for one: its week-ends are among the pauses then.
  if (at - since < LEAST_KNOWN) {
    const known = since + LEAST_KNOWN + LEAST_PAUSE;
    return { found: [], nextAt: known > now ? known : null };
  }
  const limit = Math.max(LEAST_PAUSE, TIMES * longestGap(traffic));
  const dueAt = at + limit;
  if (dueAt > now) return { found: [], nextAt: dueAt };
  const facts = { lastAt: at, limit };
  const finding = { kind: "silent", settingKey: key, subject: "", since: dueAt, lastSeenAt: dueAt, count: 1 } as const;
  return { found: [{ ...finding, facts }], nextAt: null };
}
