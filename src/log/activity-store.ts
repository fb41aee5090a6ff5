import { columnsOf } from "../platform/columns.ts";
import { type Read, rowsOf, selectAll } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { PART_STATUS } from "./log-entry.ts";
import { provisioningLog } from "./tables.ts";

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

/** Reads the requests of a setting up to `now`, counted for each hour of a day or each day of a month. */
export function selectActivity(settingKey: number | Sql, span: Span, now: number): Read<Bar[]> {
  const { bars, width } = SPANS[span];
  const end = Math.ceil((now + 1) / width) * width;
  const start = end - bars * width;
  const places = Array.from({ length: bars }, (_, place) => place);
  // Counting stretches of the index is four times as fast as sorting every request into its bar.
  const ofBar = sql`FROM provisioning_log INDEXED BY provisioning_log_activity WHERE setting_key = ${settingKey}
    AND time >= ${start} + bar.value * ${width} AND time < ${start} + (bar.value + 1) * ${width} AND status <> ${PART_STATUS}`;
  const statement = sql`SELECT (SELECT count(*) ${ofBar}) AS total, (SELECT count(*) ${ofBar} AND status >= 400) AS failed
    FROM json_each(${JSON.stringify(places)}) bar ORDER BY bar.key`;
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

const FAILED = columnsOf(provisioningLog, "l", [
  "id",
  "time",
  "resourceType",
  "label",
  "status",
  "code",
  "scimType",
  "detail",
]);

/** A request that failed, as far as grouping it with others of its kind needs. */
export type FailedRequest = ReturnType<typeof FAILED.read>;

/** Reads the newest failed requests of a setting since `since` (ms), newest first. */
export function selectFailures(
  settingKey: number | Sql,
  { since, take }: { since: number; take: number },
): Read<FailedRequest[]> {
  const newest = selectAll(
    sql`SELECT ${FAILED.list} FROM provisioning_log l INDEXED BY provisioning_log_failures
      WHERE l.setting_key = ${settingKey} AND l.status >= 400 ORDER BY l.log_key DESC LIMIT ${take}`,
    FAILED.read,
  );
  return { ...newest, decode: (results) => newest.decode(results).filter(({ time }) => time >= since) };
}
