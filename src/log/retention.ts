import type { Database } from "../platform/database.ts";

const DAY = 24 * 60 * 60 * 1000;
/** How long the provisioning log is kept when LOG_RETENTION_DAYS does not say (days). */
export const DEFAULT_LOG_RETENTION_DAYS = 30;

/** Rows deleted by one statement (they carry whole bodies), and statements of one purge: the rest is for the next. */
const CHUNK = 2_000;
const MAX_STATEMENTS = 40;

/** The retention of the log in milliseconds, from the text of LOG_RETENTION_DAYS; RangeError for a bad one. */
export function readLogRetention(days: string | undefined): number {
  const given = days === undefined || days === "" ? DEFAULT_LOG_RETENTION_DAYS : Number(days);
  if (!Number.isFinite(given) || given <= 0)
    throw new RangeError(`LOG_RETENTION_DAYS is "${days}": give a number of days above 0.`);
  return given * DAY;
}

/** Deletes logged requests that came before `olderThan` (ms since 1970), the oldest of each setting first; gives how many. */
export async function purgeLog({ d1 }: Database, olderThan: number): Promise<number> {
  const { results } = await d1
    .prepare(
      `SELECT s.setting_key AS settingKey FROM scim_settings s WHERE EXISTS (
         SELECT 1 FROM provisioning_log l INDEXED BY provisioning_log_activity
         WHERE l.setting_key = s.setting_key AND l.time < ?) LIMIT ${MAX_STATEMENTS}`,
    )
    .bind(olderThan)
    .all<{ settingKey: number }>();
  let purged = 0;
  let statements = 0;
  for (const { settingKey } of results)
    for (let count = CHUNK; count === CHUNK && statements < MAX_STATEMENTS; statements += 1) {
      count = await purgeChunk(d1, settingKey, olderThan);
      purged += count;
    }
  return purged;
}

async function purgeChunk(d1: D1Database, settingKey: number, olderThan: number): Promise<number> {
  const { meta } = await d1
    .prepare(
      `DELETE FROM provisioning_log WHERE log_key IN (
         SELECT log_key FROM provisioning_log INDEXED BY provisioning_log_activity
         WHERE setting_key = ? AND time < ? ORDER BY time LIMIT ${CHUNK})`,
    )
    .bind(settingKey, olderThan)
    .run();
  return meta.changes;
}
