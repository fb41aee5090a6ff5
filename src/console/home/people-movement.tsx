import { DAYS_KEPT, listDays, type Movement, type PeopleDays } from "../../companies/people-days.ts";
import { DAY } from "../../platform/clock.ts";
import { href } from "../routes.ts";
import { type Column, Table } from "../views/list.tsx";
import { countOf, formatCount, formatDay } from "../views/moments-and-counts.tsx";
import { niceTop, shorten } from "../views/plot-scale.ts";
import { dayInUrl } from "./moved-people-page.tsx";

type Day = { day: number } & Movement;

interface MovementProps {
  companyId: string;
  days: PeopleDays | null;
  /** When the company was made, and the present time (ms). */
  createdAt: number;
  now: number;
}

/** Who joined and who left in the last days: a plot, and the same as a table. */
export function PeopleMovement({ companyId, days, createdAt, now }: MovementProps) {
  const today = Math.floor(now / DAY);
  const kept = days ?? { since: today, days: {} };
  const listed = listDays(kept, today);
  const joined = listed.reduce((sum, day) => sum + day.joined, 0);
  const left = listed.reduce((sum, day) => sum + day.left, 0);
  // A company that is older than what is kept of it.
  const isPartly = kept.since > today - DAYS_KEPT + 1 && createdAt < kept.since * DAY;
  return (
    <section class="card stack tight" aria-labelledby="movement-title">
      <h2 id="movement-title">{`Joined and left in the last ${DAYS_KEPT} days`}</h2>
      {joined + left === 0 ? (
        <p class="soft">Nobody joined, and nobody left.</p>
      ) : (
        <>
          <Plot companyId={companyId} days={listed} joined={joined} left={left} />
          <details>
            <summary>Day by day</summary>
            <Table
              caption="Who joined and left, day by day"
              columns={columnsOf(companyId)}
              rows={listed.filter((day) => day.joined + day.left > 0).toReversed()}
            />
          </details>
        </>
      )}
      {joined + left > 0 && (
        <p class="soft small">Whoever came back counts as joined, and whoever became inactive as left, each time.</p>
      )}
      {isPartly && <p class="soft small">{`Counted since ${formatDay(kept.since * DAY)}.`}</p>}
    </section>
  );
}

function columnsOf(companyId: string): readonly Column<Day>[] {
  return [
    {
      head: "Day (UTC)",
      namesRow: true,
      cell: ({ day }) => <a href={href("movement", { companyId }, { day: dayInUrl(day) })}>{formatDay(day * DAY)}</a>,
    },
    { head: "Joined", look: "number", cell: ({ joined }) => formatCount(joined) },
    { head: "Left", look: "number", cell: ({ left }) => formatCount(left) },
  ];
}

const WIDTH = 640;
const HEIGHT = 180;
const LEFT = 48;
const RIGHT = WIDTH - 16;
const TOP = 12;
const BOTTOM = 150;

interface PlotProps {
  companyId: string;
  days: readonly Day[];
  joined: number;
  left: number;
}

/** Bars upwards for those who joined, downwards for those who left, of one measure; those of a day lead to its people. */
function Plot({ companyId, days, joined, left }: PlotProps) {
  const up = joined === 0 ? 0 : niceTop(Math.max(...days.map((day) => day.joined)));
  const down = left === 0 ? 0 : niceTop(Math.max(...days.map((day) => day.left)));
  const perPerson = (BOTTOM - TOP) / (up + down);
  const zero = TOP + up * perPerson;
  const slot = (RIGHT - LEFT) / days.length;
  const said = `${countOf(joined, "person", "people")} joined and ${formatCount(left)} left in the last ${days.length} days`;
  return (
    <figure>
      <svg class="plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
        <title>{said}</title>
        {marksOf(up, down, perPerson).map((count) => (
          <>
            <line class="axis" x1={LEFT} x2={RIGHT} y1={zero - count * perPerson} y2={zero - count * perPerson} />
            <text x={LEFT - 8} y={zero - count * perPerson + 4} text-anchor="end">
              {shorten(Math.abs(count))}
            </text>
          </>
        ))}
        {days.map((day, index) => (
          <DayBars
            companyId={companyId}
            day={day}
            x={LEFT + index * slot + 1}
            width={slot - 2}
            zero={zero}
            perPerson={perPerson}
          />
        ))}
        {days.map(({ day }, index) =>
          (days.length - 1 - index) % 7 === 0 ? (
            <text
              x={index === days.length - 1 ? RIGHT : LEFT + (index + 0.5) * slot}
              y={HEIGHT - 8}
              text-anchor={index === days.length - 1 ? "end" : "middle"}
            >
              {formatDay(day * DAY).replace(/ \d{4}$/, "")}
            </text>
          ) : null,
        )}
      </svg>
      <figcaption class="legend">
        <span>{`${formatCount(joined)} joined`}</span>
        <span class="left">{`${formatCount(left)} left`}</span>
      </figcaption>
    </figure>
  );
}

/** The least distance of two marks on the axis. */
const APART = 30;

/** What the axis marks: both ends, where they are not upon the middle. */
function marksOf(up: number, down: number, perPerson: number): number[] {
  return [0, ...[up, -down].filter((count) => Math.abs(count) * perPerson >= APART)];
}

interface BarsProps {
  companyId: string;
  day: Day;
  x: number;
  width: number;
  zero: number;
  perPerson: number;
}

/** However few moved on a day, they are seen. */
const LEAST = 2;

function DayBars({ companyId, day: { day, joined, left }, x, width, zero, perPerson }: BarsProps) {
  if (joined + left === 0) return null;
  const heightOf = (count: number) => (count === 0 ? 0 : Math.max(count * perPerson, LEAST));
  const said = `${formatDay(day * DAY)}: ${formatCount(joined)} joined, ${formatCount(left)} left`;
  return (
    <a href={href("movement", { companyId }, { day: dayInUrl(day) })} aria-label={said}>
      <title>{said}</title>
      <rect class="ok" x={x} y={zero - heightOf(joined)} width={width} height={heightOf(joined)} rx="1.5" />
      <rect class="left" x={x} y={zero} width={width} height={heightOf(left)} rx="1.5" />
    </a>
  );
}
