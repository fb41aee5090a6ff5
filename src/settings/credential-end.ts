/**
 * How many years ahead a credential's end may be. A client's secret always has one, and should be followed by another; a
 * token may have none, so that this only catches a slip of the hand.
 */
export const MOST_YEARS = { token: 100, secret: 10 } as const;

/** Why a credential of a kind cannot end at `end` (ms), as when it can instead; null when it can. */
export function judgeEnd(kind: keyof typeof MOST_YEARS, end: number, now: number): string | null {
  if (!(end > now)) return "in the future";
  const latest = new Date(now);
  latest.setUTCFullYear(latest.getUTCFullYear() + MOST_YEARS[kind]);
  // The last day counts as a whole.
  latest.setUTCHours(24, 0, 0, 0);
  return end < latest.getTime() ? null : `within the next ${MOST_YEARS[kind]} years`;
}
