/** Gives the present time in milliseconds since 1970; passed in wherever a rule depends on time. */
export type Clock = () => number;

/** The system's clock. */
export const systemClock: Clock = () => Date.now();

/** Waits (ms). */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Between two steps of long work (ms), at least. Where D1 answers on the same thread (`npm run dev`, workerd on one's own
 * machine) step upon step keeps everybody's requests from being read: others' reads beside a company's look-ups without an
 * index took 1,126 ms at the 99th percentile, and 32 to 40 with it (`npm run bench -- --parts fairness`).
 */
export const BREATH = 2;
/** Between two steps of work that nobody waits for (ms): with it others' reads are at most 1.1 statements late while an index is built (`npm run bench -- --parts fairness`). */
export const LONG_BREATH = 150;

/** Waits (ms); passed in where a test must not. */
export type Pause = typeof pause;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** A day in milliseconds. */
export const DAY = 24 * HOUR;

/** The latest day that was printed, by its number since 1970: `2026-11-29T`. */
let day = { number: Number.NaN, text: "" };

/**
 * A time in milliseconds as ISO 8601 UTC, or null when there is none. It prints what `Date` does in a fraction of its time:
 * a page of a list holds two hundred.
 */
export function isoTime(time: number): string;
export function isoTime(time: number | null): string | null;
export function isoTime(time: number | null): string | null {
  if (time === null) return null;
  const number = Math.floor(time / DAY);
  if (number !== day.number) day = { number, text: new Date(number * DAY).toISOString().replace(/T.*/, "T") };
  const rest = time - number * DAY;
  const clock = `${digits(rest / HOUR)}:${digits((rest / MINUTE) % 60)}:${digits((rest / SECOND) % 60)}`;
  return `${day.text}${clock}.${digits(rest % SECOND, 3)}Z`;
}

function digits(value: number, length = 2): string {
  return String(Math.floor(value)).padStart(length, "0");
}
