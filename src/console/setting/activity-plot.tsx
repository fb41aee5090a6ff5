import type { Bar, Span } from "../../log/activity-store.ts";
import { DAY, isoTime } from "../../platform/clock.ts";
import { href } from "../routes.ts";
import { countOf, formatDay } from "../views/moments-and-counts.tsx";
import { niceTop, shorten } from "../views/plot-scale.ts";

/** The stretches of time a plot shows, in words. */
export const SPAN_WORDS: Record<Span, string> = { day: "24 hours", month: "30 days" };

const WIDTH = 640;
const HEIGHT = 150;
const LEFT = 40;
const RIGHT = WIDTH - 16;
const BASE = 126;
const TOP = 10;

interface PlotProps {
  ids: { companyId: string; settingId: string };
  bars: readonly Bar[];
  span: Span;
}

/**
 * Requests over time as bars, accepted ones below and failed ones on top, each leading to its requests in the log; drawn on
 * the server, said in words too.
 */
export function ActivityPlot({ ids, bars, span }: PlotProps) {
  const total = bars.reduce((sum, bar) => sum + bar.ok + bar.failed, 0);
  if (total === 0) return <p class="soft">{`No request came in the last ${SPAN_WORDS[span]}.`}</p>;
  const failed = bars.reduce((sum, bar) => sum + bar.failed, 0);
  const top = niceTop(Math.max(...bars.map((bar) => bar.ok + bar.failed)));
  const slot = (RIGHT - LEFT) / bars.length;
  const heightOf = (count: number) => ((BASE - TOP) * count) / top;
  return (
    <figure>
      <svg class="plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
        <title>{`${countOf(total, "request")} in the last ${SPAN_WORDS[span]}, ${failed} of them failed`}</title>
        {[0, top / 2, top].map((count) => (
          <>
            <line class="axis" x1={LEFT} x2={RIGHT} y1={BASE - heightOf(count)} y2={BASE - heightOf(count)} />
            <text x={LEFT - 8} y={BASE - heightOf(count) + 4} text-anchor="end">
              {shorten(count)}
            </text>
          </>
        ))}
        {bars.map((bar, index) => (
          <PlotBar
            ids={ids}
            bar={bar}
            x={LEFT + index * slot + 1}
            width={Math.max(slot - 2, 1)}
            heightOf={heightOf}
            span={span}
          />
        ))}
        {labelled(bars, span).map(({ index, label }) => (
          <text x={LEFT + (index + 0.5) * slot} y={HEIGHT - 6} text-anchor="middle">
            {label}
          </text>
        ))}
      </svg>
      <figcaption class="legend">
        <span>{countOf(total - failed, "accepted request")}</span>
        <span class="failed">{`${failed} failed`}</span>
        <em>{span === "day" ? "Hours in UTC" : "Days in UTC"}</em>
      </figcaption>
    </figure>
  );
}

interface PlotBarProps extends Pick<PlotProps, "ids"> {
  bar: Bar;
  x: number;
  width: number;
  heightOf: (count: number) => number;
  span: Span;
}

function PlotBar({ ids: { companyId, settingId }, bar, x, width, heightOf, span }: PlotBarProps) {
  if (bar.ok + bar.failed === 0) return null;
  const ok = bar.ok === 0 ? 0 : Math.max(heightOf(bar.ok), 1.5);
  const failed = bar.failed === 0 ? 0 : Math.max(heightOf(bar.failed), 2);
  const said = `${labelOf(bar.from, span)}: ${bar.ok} accepted, ${bar.failed} failed`;
  const last = bar.from + (span === "day" ? HOUR : DAY) - MINUTE;
  const when = { within: "range", from: minuteOf(bar.from), to: minuteOf(last) };
  return (
    <a href={href("log", { companyId }, { setting: settingId, ...when })} aria-label={said}>
      <title>{said}</title>
      <rect class="ok" x={x} y={BASE - ok} width={width} height={ok} rx="1.5" />
      <rect class="failed" x={x} y={BASE - ok - failed} width={width} height={failed} rx="1.5" />
    </a>
  );
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A time (ms) to the minute, as the log's URL has it. */
function minuteOf(time: number): string {
  return isoTime(time).slice(0, 16);
}

function labelled(bars: readonly Bar[], span: Span): { index: number; label: string }[] {
  const every = span === "day" ? 6 : 7;
  return bars.flatMap((bar, index) =>
    (bars.length - 1 - index) % every === 0 ? [{ index, label: labelOf(bar.from, span) }] : [],
  );
}

function labelOf(time: number, span: Span): string {
  if (span === "month") return formatDay(time).replace(/ \d{4}$/, "");
  return `${String(new Date(time).getUTCHours()).padStart(2, "0")}:00`;
}
