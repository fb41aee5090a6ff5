/** Gives the present time in milliseconds since 1970; passed in wherever a rule depends on time. */
export type Clock = () => number;

/** The system's clock. */
export const systemClock: Clock = () => Date.now();

/** A time in milliseconds as ISO 8601 UTC, or null when there is none. */
export function isoTime(time: number): string;
export function isoTime(time: number | null): string | null;
export function isoTime(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
