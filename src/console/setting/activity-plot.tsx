import type { Bar, Span } from "../../log/activity-store.ts";
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

/** Requests over time as bars, accepted ones below and failed ones on top; drawn on the server, said in words too. */
export function ActivityPlot({ bars, span }: { bars: readonly Bar[]; span: Span }) {
  const total = bars.reduce((sum, bar) => sum + bar.ok + bar.failed, 0);
  const failed = bars.reduce((sum, bar) => sum + bar.failed, 0);
  const top = niceTop(Math.max(...bars.map((bar) => bar.ok + bar.failed)));
  const slot = (RIGHT - LEFT) / bars.length;
  const heightOf = (count: number) => ((BASE - TOP) * count) / top;
  return (
    <figure>
      <svg
        class="plot"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${countOf(total, "request")} in the last ${SPAN_WORDS[span]}, ${failed} of them failed`}
      >
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
      </figcaption>
    </figure>
  );
}

interface PlotBarProps {
  bar: Bar;
  x: number;
  width: number;
  heightOf: (count: number) => number;
  span: Span;
}

function PlotBar({ bar, x, width, heightOf, span }: PlotBarProps) {
  if (bar.ok + bar.failed === 0) return null;
  const ok = bar.ok === 0 ? 0 : Math.max(heightOf(bar.ok), 1.5);
  const failed = bar.failed === 0 ? 0 : Math.max(heightOf(bar.failed), 2);
  return (
    <g>
      <title>{`${labelOf(bar.from, span)}: ${bar.ok} accepted, ${bar.failed} failed`}</title>
      <rect class="ok" x={x} y={BASE - ok} width={width} height={ok} rx="1.5" />
      <rect class="failed" x={x} y={BASE - ok - failed} width={width} height={failed} rx="1.5" />
    </g>
  );
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
