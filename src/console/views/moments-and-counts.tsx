import { isoTime } from "../../platform/clock.ts";

const UNITS = [
  { limit: 60_000, size: 1, name: "" },
  { limit: 3_600_000, size: 60_000, name: "min" },
  { limit: 86_400_000, size: 3_600_000, name: "h" },
  { limit: 7 * 86_400_000, size: 86_400_000, name: "d" },
] as const;

/** A moment in words: "just now", "5 min ago", "3 d ago", then the day. */
function formatMoment(time: number, now: number): string {
  const age = Math.max(0, now - time);
  const unit = UNITS.find(({ limit }) => age < limit);
  if (unit === undefined) return formatDay(time);
  return unit.name === "" ? "just now" : `${Math.floor(age / unit.size)} ${unit.name} ago`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A day as `24 Nov 2026` (UTC). */
export function formatDay(time: number): string {
  const date = new Date(time);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** A moment to the second as `24 Nov 2026, 13:05:09 UTC`. */
export function formatExact(time: number): string {
  return `${formatDay(time)}, ${isoTime(time).slice(11, 19)} UTC`;
}

/** A moment in words, exact for machines and on hovering; a dash for none. */
export function Moment({ time, exact, none = "–" }: { time: number | null; exact?: boolean; none?: string }) {
  if (time === null) return <span class="soft">{none}</span>;
  return (
    <time datetime={isoTime(time)} title={formatExact(time)} class="nowrap">
      {exact ? formatExact(time).replace(" UTC", "") : formatMoment(time, Date.now())}
    </time>
  );
}

/** A whole number with thin groups of thousands. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** A count with its noun in the right number. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
