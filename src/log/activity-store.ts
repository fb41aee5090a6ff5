import type { Reads } from "../companies/split-long-reads.ts";
import { type Read, rowsOf } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import { firstIdAt } from "../platform/uuid.ts";
import { PART_STATUS } from "./log-entry.ts";
import { packAt } from "./logged-requests.ts";
import { LANES } from "./tables.ts";

const HOUR = 3_600_000;

/** The stretches of time in which requests are counted, and the width of one bar (ms). */
const SPANS = {
  day: { bars: 24, width: HOUR },
  month: { bars: 30, width: 24 * HOUR },
} as const;
/** The last 24 hours, or the last 30 days. */
export type Span = keyof typeof SPANS;

/** The requests of one stretch of time. */
export interface Bar {
  /** When it begins (ms). */
  from: number;
  ok: number;
  failed: number;
}

/** Bars that one statement counts. */
const AT_ONCE = 6;

/** What counting requests asks of the database: an index has them, and each is looked at. */
export const COUNTING = {
  what: "The activity of a setting is counted request by request",
  quick: "At any time: everything else on its page.",
};

/** The requests of a setting up to `now`, counted for each hour of a day or each day of a month. */
export async function readActivity(reads: Reads, settingKey: number, span: Span, now: number): Promise<Bar[]> {
  const { bars, width } = SPANS[span];
  const end = Math.ceil((now + 1) / width) * width;
  const counted: Bar[] = [];
  for (let place = 0; place < bars; place += AT_ONCE)
    counted.push(...(await reads.once(selectBars(settingKey, { start: end - (bars - place) * width, width }))));
  return counted;
}

function selectBars(settingKey: number, { start, width }: { start: number; width: number }): Read<Bar[]> {
  const stretches = Array.from({ length: AT_ONCE }, (_, place) => {
    const [from, to] = [start + place * width, start + (place + 1) * width];
    return { from, to, first: firstIdAt(from), end: firstIdAt(to) };
  });
  const statement = sql`SELECT ${totalOf(settingKey)} AS total, ${failedOf(settingKey)} AS failed FROM (SELECT key AS place,
      value->>'from' AS start, value->>'to' AS stop, value->>'first' AS first, value->>'end' AS last
    FROM json_each(${JSON.stringify(stretches)})) bar ORDER BY bar.place`;
  return {
    statements: [statement],
    decode: ([rows]) =>
      rowsOf<{ total: number; failed: number }>(rows).map(({ total, failed }, place) => ({
        from: start + place * width,
        ok: total - failed,
        failed,
      })),
  };
}

// Counting stretches of an index is four times as fast as sorting every request into its bar.
const inBar = (settingKey: number) => sql`setting_key = ${settingKey} AND id >= bar.first AND id < bar.last`;
const beforeThisLog = (settingKey: number) =>
  sql`(SELECT count(*) FROM provisioning_log INDEXED BY provisioning_log_activity WHERE setting_key = ${settingKey}
    AND time >= bar.start AND time < bar.stop AND status <> ${PART_STATUS}`;

/** All requests of a bar. Of look-ups that share a row, only a row at the edge of the bar is taken apart. */
function totalOf(settingKey: number): Sql {
  const isWithin = rawSql("e.value->>'i' >= bar.first AND e.value->>'i' < bar.last");
  return sql`(SELECT count(*) FROM request_log WHERE ${inBar(settingKey)} AND lane IN (${LANES.request}, ${LANES.ofGroup}))
    + (SELECT coalesce(sum(CASE WHEN p.id >= bar.first AND p.last_id < bar.last THEN p.packed
        ELSE (SELECT count(*) FROM json_each(p.entries) e WHERE ${isWithin}) END), 0)
      FROM request_log p WHERE p.setting_key = ${settingKey} AND p.lane = ${LANES.pack}
        AND p.id >= ${packAt(sql`${settingKey}`, rawSql("bar.first"))} AND p.id < bar.last)
    + ${beforeThisLog(settingKey)})`;
}

function failedOf(settingKey: number): Sql {
  return sql`(SELECT count(*) FROM request_log INDEXED BY request_log_failures WHERE ${inBar(settingKey)} AND status >= 400)
    + ${beforeThisLog(settingKey)} AND status >= 400)`;
}
