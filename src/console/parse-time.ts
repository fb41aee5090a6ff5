import { isoTime } from "../platform/clock.ts";

/** The moment (ms) that a datetime-local field names, read as UTC as the pages show it; null for none, NaN for a wrong one. */
export function parseTime(text: string): number | null {
  if (text === "") return null;
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2}(\.\d{1,3})?)?$/.exec(text);
  if (match === null) return Number.NaN;
  const time = Date.parse(`${match[1]}T${match[2]}Z`);
  // Date.parse takes 30 February for 2 March.
  return Number.isNaN(time) || isoTime(time).startsWith(`${match[1]}T${match[2]}`) ? time : Number.NaN;
}
