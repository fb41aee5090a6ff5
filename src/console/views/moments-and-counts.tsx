import { isoTime } from "../../platform/clock.ts";
import { sayDay } from "../../platform/say-day.ts";

const UNITS = [
  { limit: 60_000, size: 1, name: "" },
  { limit: 3_600_000, size: 60_000, name: "min" },
  { limit: 86_400_000, size: 3_600_000, name: "h" },
  { limit: 7 * 86_400_000, size: 86_400_000, name: "d" },
] as const;

/** What a moment less than a minute away is called. */
export const JUST_NOW = "just now";

/** A moment in words: "just now", "5 min ago", "3 d ago", "in 3 d", then the day. */
export function formatMoment(time: number, now: number): string {
  const distance = Math.abs(now - time);
  const unit = UNITS.find(({ limit }) => distance < limit);
  if (unit === undefined) return formatDay(time);
  if (unit.name === "") return JUST_NOW;
  const count = `${Math.floor(distance / unit.size)} ${unit.name}`;
  return time > now ? `in ${count}` : `${count} ago`;
}

/** A day as `24 Nov 2026` (UTC). */
export const formatDay = sayDay;

/** A moment to the second as `24 Nov 2026, 13:05:09 UTC`. */
export function formatExact(time: number): string {
  return `${formatDay(time)}, ${isoTime(time).slice(11, 19)} UTC`;
}

interface MomentProps {
  time: number | null;
  /** To the second; `bare` where something beside it says that it is UTC. */
  exact?: boolean | "bare";
  /** The exact time stands beside it: it is not shown a second time on hovering. */
  isBeside?: boolean;
  none?: string;
}

/** A moment in words, exact for machines and on hovering; a dash for none. */
export function Moment({ time, exact = false, isBeside = false, none = "–" }: MomentProps) {
  if (time === null) return <span class="soft">{none}</span>;
  const inFull = exact === "bare" ? formatExact(time).replace(" UTC", "") : formatExact(time);
  return (
    <time datetime={isoTime(time)} title={isBeside ? undefined : formatExact(time)} class="nowrap">
      {exact === false ? formatMoment(time, Date.now()) : inFull}
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

/** Counts side by side, each under its name. */
export function Counts({ of }: { of: readonly (readonly [label: string, count: number])[] }) {
  return (
    <dl class="stats">
      {of.map(([label, count]) => (
        <div>
          <dt>{label}</dt>
          <dd>{formatCount(count)}</dd>
        </div>
      ))}
    </dl>
  );
}
