const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long to wait after the first, second, … failed attempt (ms): three days in all, then the endpoint is failing. */
export const RETRY_DELAYS: readonly number[] = [
  5 * SECOND,
  20 * SECOND,
  1 * MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  1 * HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  12 * HOUR,
  12 * HOUR,
  16 * HOUR,
  16 * HOUR,
];

/** A tenth sooner or later, so that endpoints that failed together do not come back together. */
const JITTER = 0.1;
/** The longest that a receiver may put us off with Retry-After (ms). */
const LONGEST_PUT_OFF = 1 * HOUR;

/**
 * When to try again after the given number of failed attempts, or null when the schedule is used up. `random` is in
 * [0, 1); `putOff` is what the receiver asked for (ms).
 */
export function planRetry(failedAttempts: number, now: number, random: number, putOff: number | null): number | null {
  const delay = RETRY_DELAYS[failedAttempts - 1];
  if (delay === undefined) return null;
  const jittered = delay * (1 - JITTER + 2 * JITTER * random);
  return Math.round(now + Math.max(jittered, Math.min(putOff ?? 0, LONGEST_PUT_OFF)));
}
