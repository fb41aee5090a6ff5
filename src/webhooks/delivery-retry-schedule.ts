import type { Setback } from "./courier-ports.ts";
import type { Failure } from "./delivery-failure.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/**
 * How long to wait after the first, second, … failed attempt in a row (ms), and after the last of these and every further
 * one. With its jitter and the time that an attempt may take it is under a minute: an endpoint that is up again has the
 * first change within one.
 */
export const RETRY_DELAYS: readonly number[] = [5 * SECOND, 20 * SECOND, 45 * SECOND];

/** An endpoint that has failed for so long (ms) stands still until an operator resumes it. */
export const RETRY_PERIOD = 72 * HOUR;

/** A tenth sooner or later, so that endpoints that failed together do not come back together. */
const JITTER = 0.1;
/** The longest that a receiver may put us off with Retry-After (ms). */
const LONGEST_PUT_OFF = 1 * HOUR;

/** Failed attempts in a row, the latest included, and when the first of them was (ms since 1970). */
interface Failures {
  count: number;
  since: number;
}

/**
 * When to try again at `now` (ms since 1970), or null when it has failed for `RETRY_PERIOD`. `random` is in [0, 1); `putOff`
 * is what the receiver asked for (ms).
 */
export function planRetry(
  { count, since }: Failures,
  now: number,
  random: number,
  putOff: number | null,
): number | null {
  if (now - since >= RETRY_PERIOD) return null;
  const delay = RETRY_DELAYS[Math.min(count, RETRY_DELAYS.length) - 1] ?? 0;
  const jittered = delay * (1 - JITTER + 2 * JITTER * random);
  return Math.round(now + Math.max(jittered, Math.min(putOff ?? 0, LONGEST_PUT_OFF)));
}

/** What becomes of a webhook after a failed attempt: when to try again, or that it stands still until an operator resumes it. */
export function planSetback(
  failures: Failures,
  failure: Failure,
  { now, random, putOff }: { now: number; random: number; putOff: number | null },
): Setback {
  // Standard Webhooks: a receiver that answers 410 wants no more.
  if (failure.code === "gone") return standStill(failures.count, failure);
  const nextAttemptAt = planRetry(failures, now, random, putOff);
  return nextAttemptAt === null
    ? standStill(failures.count, failure)
    : { failedAttempts: failures.count, nextAttemptAt, isFailing: false, failure };
}

/** A webhook that is not tried again, after so many failed attempts. */
export function standStill(failedAttempts: number, failure: Failure): Setback {
  return { failedAttempts, nextAttemptAt: null, isFailing: true, failure };
}
