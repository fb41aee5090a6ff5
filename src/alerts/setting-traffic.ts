import { DAY } from "../platform/clock.ts";

const HOUR = DAY / 24;
/** Writes are counted by so much time (ms). */
const SLOT = HOUR / 6;
/** How far back the longest pause is looked for (ms). */
const GAP_WINDOW = 14 * DAY;

/** How a setting is used, as far as the rules have to know; times in milliseconds. */
export interface Traffic {
  /** Since when that is known. */
  since: number;
  /** The latest request, or when an admin let the setting go on after it. */
  at: number;
  /** The longest pause that ended on each of the last days: when, and how long it was. */
  gaps: [at: number, length: number][];
  /** Writes of the last hour, refused ones included: since when they are counted together, and how many. */
  slots: [from: number, writes: number][];
  /** The latest write that was accepted, as far as it is known. */
  accepted?: number;
}

/** The traffic after some requests at `now`, of which `writes` would have changed something, and whether one of them did. */
export function addTraffic(
  before: Traffic | undefined,
  now: number,
  { writes, isAccepted }: { writes: number; isAccepted: boolean },
): Traffic {
  const accepted = isAccepted ? now : before?.accepted;
  const { since, at, gaps, slots } = before ?? { since: now, at: now, gaps: [], slots: [] };
  const from = Math.floor(now / SLOT) * SLOT;
  const recent = slots.filter(([start]) => start > now - HOUR - SLOT);
  const present = recent.find(([start]) => start === from)?.[1] ?? 0;
  const others = recent.filter(([start]) => start !== from);
  return {
    since,
    at: Math.max(at, now),
    gaps: addGap(gaps, now, now - at),
    slots: present + writes === 0 ? others : [...others, [from, present + writes]],
    ...(accepted !== undefined && { accepted }),
  };
}

/** The traffic of a setting that an admin lets go on at `now`: as though its time had stood still since its latest request. */
export function withoutPause({ since, at, gaps, ...used }: Traffic, now: number): Traffic {
  const length = Math.max(0, now - at);
  const later = gaps.map(([ended, gap]): [number, number] => [ended + length, gap]);
  return { since: since + length, at: at + length, gaps: later, ...used };
}

/** Of each day the longest pause. */
function addGap(gaps: Traffic["gaps"], now: number, length: number): Traffic["gaps"] {
  const day = Math.floor(now / DAY);
  const kept = gaps.filter(([at]) => at > now - GAP_WINDOW - DAY);
  const ofDay = kept.find(([at]) => Math.floor(at / DAY) === day);
  if (length <= 0 || (ofDay !== undefined && ofDay[1] >= length)) return kept;
  return [...kept.filter((gap) => gap !== ofDay), [now, length]];
}

/** The longest pause of the 14 days before the latest request (ms). */
export function longestGap({ at, gaps }: Traffic): number {
  return Math.max(0, ...gaps.filter(([ended]) => ended > at - GAP_WINDOW).map(([, length]) => length));
}

/** How many writes came within the hour before `now`. */
export function writesOfHour({ slots }: Traffic, now: number): number {
  return slots.filter(([from]) => from > now - HOUR - SLOT).reduce((sum, [, writes]) => sum + writes, 0);
}
