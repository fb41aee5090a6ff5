import type { Child } from "hono/jsx";
import { isoTime } from "../../platform/clock.ts";
import { Icon } from "./icon.tsx";

/** A coloured word for a state; the word says it, the colour only helps. */
export function Pill({ tone, children }: { tone?: "good" | "warn" | "bad"; children?: Child }) {
  return <span class={tone === undefined ? "pill" : `pill ${tone}`}>{children}</span>;
}

/** A message above a page's content. */
export function Notice({ tone, children }: { tone?: "bad" | "warn"; children?: Child }) {
  return (
    <div class={tone === undefined ? "notice" : `notice ${tone}`} role={tone === "bad" ? "alert" : "status"}>
      <Icon name={tone === undefined ? "done" : "warning"} />
      <div>{children}</div>
    </div>
  );
}

/** What a list shows when it has nothing to show. */
export function Empty({
  icon,
  title,
  children,
}: {
  icon: Parameters<typeof Icon>[0]["name"];
  title: string;
  children?: Child;
}) {
  return (
    <div class="empty">
      <Icon name={icon} size={36} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

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

/** A name that may break before its @ and after its dots where a line is too short for it. */
export function Breakable({ name }: { name: string }) {
  return (
    <>
      {name.split(/(?=@)|(?<=\.)/).map((part, index) => (
        <>
          {index > 0 && <wbr />}
          {part}
        </>
      ))}
    </>
  );
}

/** A text to be copied, selected whole by a click and copied by a button where script runs. */
export function Copyable({ id, text, label }: { id: string; text: string; label: string }) {
  return (
    <div class="copy">
      <code id={id}>{text}</code>
      <button type="button" data-copy={id} aria-label={`Copy ${label}`}>
        Copy
      </button>
    </div>
  );
}

/** Leads on to a list's next page, and back to its first. */
export function Pager({ next, first, shown }: { next: string | null; first: string | null; shown: string }) {
  return (
    <nav class="pager" aria-label="Pages">
      <span>{shown}</span>
      <span class="row">
        {first !== null && (
          <a class="button" href={first}>
            First page
          </a>
        )}
        {next !== null && (
          <a class="button" href={next} rel="next">
            Next page
          </a>
        )}
      </span>
    </nav>
  );
}
