import type { Database } from "../platform/database.ts";
import { type Line, purge, readDays } from "../platform/purge-old-rows.ts";

/** How long the provisioning log is kept when LOG_RETENTION_DAYS does not say (days). */
const DEFAULT_LOG_DAYS = 30;

const CHUNK = 2_000;

/** Each setting's requests by their time, in the index that has it. */
const LOG: Line = {
  chunk: CHUNK,
  owners: `SELECT s.setting_key AS owner, (SELECT time FROM provisioning_log INDEXED BY provisioning_log_activity
      WHERE setting_key = s.setting_key ORDER BY time LIMIT 1) AS oldest
    FROM scim_settings s`,
  remove: `DELETE FROM provisioning_log WHERE log_key IN (SELECT log_key FROM provisioning_log
    INDEXED BY provisioning_log_activity WHERE setting_key = ?1 AND time < ?2 ORDER BY time LIMIT ${CHUNK})`,
};

/** The names that people lost, by when. */
const FORMER_NAMES: Line = {
  chunk: CHUNK,
  owners: `SELECT c.company_key AS owner,
      (SELECT lost_at FROM former_names WHERE company_key = c.company_key ORDER BY lost_at LIMIT 1) AS oldest
    FROM companies c`,
  remove: `DELETE FROM former_names WHERE (user_key, name) IN (SELECT user_key, name FROM former_names
    WHERE company_key = ?1 AND lost_at < ?2 LIMIT ${CHUNK})`,
};

/** The retention of the log in milliseconds, from the text of LOG_RETENTION_DAYS; RangeError for a bad one. */
export function readLogRetention(days: string | undefined): number {
  return readDays("LOG_RETENTION_DAYS", days, DEFAULT_LOG_DAYS);
}

/** Deletes requests logged before `olderThan` (ms since 1970) from the old end of each setting's log; gives how many. */
export function purgeLog(database: Database, olderThan: number): Promise<number> {
  return purge(database, LOG, olderThan);
}

/** Forgets names that people had before `olderThan`: whatever the log had of them is purged; gives how many. */
export function purgeFormerNames(database: Database, olderThan: number): Promise<number> {
  return purge(database, FORMER_NAMES, olderThan);
}
