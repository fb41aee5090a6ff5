/** How long to wait after the first, second, … failed attempt (ms), and after each further one. */
const DELAYS = [60_000, 300_000, 1_800_000, 3_600_000];
/** A message that could not be sent for so long is given up (ms): the next reminder says the same. */
const LONGEST = 24 * 3_600_000;

/** When a message is tried again that failed at `now`, or null when it is given up (ms). */
export function planResend({ attempts, createdAt }: { attempts: number; createdAt: number }, now: number) {
  const delay = DELAYS[Math.min(attempts, DELAYS.length - 1)] ?? 0;
  return now + delay - createdAt > LONGEST ? null : now + delay;
}
