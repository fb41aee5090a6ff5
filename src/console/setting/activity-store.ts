import type { Database } from "../../platform/database.ts";

const HOUR = 3_600_000;

/** The stretches of time a plot shows, and the width of its bars (ms). */
export const SPANS = {
  day: { bars: 24, width: HOUR, label: "24 hours" },
  month: { bars: 30, width: 24 * HOUR, label: "30 days" },
} as const;
export type Span = keyof typeof SPANS;

/** The requests of one stretch of time. */
export interface Bar {
  /** When it begins (ms). */
  from: number;
  ok: number;
  failed: number;
}

/** The requests of a setting up to `now`, counted for each hour of a day or each day of a month. */
export async function countActivity(database: Database, settingKey: number, span: Span, now: number): Promise<Bar[]> {
  const { bars, width } = SPANS[span];
  const end = Math.ceil((now + 1) / width) * width;
  const start = end - bars * width;
  const places = Array.from({ length: bars }, (_, place) => place);
  // Counting stretches of the index is four times as fast as sorting every request into its bar.
  const ofBar = `FROM provisioning_log INDEXED BY provisioning_log_activity WHERE setting_key = ?1
    AND time >= ?2 + bar.value * ?3 AND time < ?2 + (bar.value + 1) * ?3`;
  const { results } = await database.d1
    .prepare(
      `SELECT (SELECT count(*) ${ofBar}) AS total, (SELECT count(*) ${ofBar} AND status >= 400) AS failed
       FROM json_each(?4) bar ORDER BY bar.key`,
    )
    .bind(settingKey, start, width, JSON.stringify(places))
    .all<{ total: number; failed: number }>();
  return results.map(({ total, failed }, place) => ({ from: start + place * width, ok: total - failed, failed }));
}

/** A request that failed, as far as grouping it with others of its kind needs. */
export interface FailedRequest {
  id: string;
  time: number;
  resourceType: "User" | "Group" | null;
  label: string | null;
  status: number;
  code: string | null;
  scimType: string | null;
  detail: string | null;
}

/** The newest failed requests of a setting since `since` (ms), newest first. */
export async function listFailures(
  database: Database,
  settingKey: number,
  page: { since: number; take: number },
): Promise<FailedRequest[]> {
  const { results } = await database.d1
    .prepare(
      `SELECT id, time, resource_type AS resourceType, label, status, code, scim_type AS scimType,
         detail
       FROM provisioning_log INDEXED BY provisioning_log_failures
       WHERE setting_key = ? AND status >= 400 ORDER BY log_key DESC LIMIT ?`,
    )
    .bind(settingKey, page.take)
    .all<FailedRequest>();
  return results.filter(({ time }) => time >= page.since);
}
