import type { Database } from "../platform/database.ts";
import { type GrowingRows, purge, readDays } from "../platform/purge-old-rows.ts";
import { literal, type Sql, sql } from "../platform/sql.ts";
import { LANES } from "./tables.ts";

/** How long the provisioning log is kept when LOG_RETENTION_DAYS does not say (days). */
const DEFAULT_LOG_DAYS = 30;

const CHUNK = 2_000;

/** Each setting's requests by their time, in the index that has it. */
const BEFORE: GrowingRows = {
  chunk: CHUNK,
  owners: sql`SELECT s.setting_key AS owner, (SELECT time FROM provisioning_log INDEXED BY provisioning_log_activity
      WHERE setting_key = s.setting_key ORDER BY time LIMIT 1) AS oldest
    FROM scim_settings s`,
  remove: (setting, olderThan) => sql`DELETE FROM provisioning_log WHERE log_key IN
    (SELECT log_key FROM provisioning_log INDEXED BY provisioning_log_activity
      WHERE setting_key = ${setting} AND time < ${olderThan} ORDER BY time LIMIT ${literal(CHUNK)})`,
};

/** As `firstIdAt`, in SQL. */
function firstIdFrom(time: number): Sql {
  return sql`printf('%08x-%04x', CAST(${time} AS INTEGER) >> 16, CAST(${time} AS INTEGER) & 65535)`;
}

/** The same of the log of today, whose order is that of time within each lane. */
const LINES = Object.values(LANES).map((laneNumber): GrowingRows => {
  const lane = literal(laneNumber);
  const old = (setting: number, olderThan: number) => sql`SELECT id FROM request_log
    WHERE setting_key = ${setting} AND lane = ${lane} AND id < ${firstIdFrom(olderThan)} AND time < ${olderThan}
    ORDER BY id LIMIT ${literal(CHUNK)}`;
  return {
    chunk: CHUNK,
    owners: sql`SELECT s.setting_key AS owner,
        (SELECT time FROM request_log WHERE setting_key = s.setting_key AND lane = ${lane} ORDER BY id LIMIT 1) AS oldest
      FROM scim_settings s`,
    ...(laneNumber === LANES.pack && {
      keep: (setting, olderThan) => sql`DELETE FROM packed_look_ups WHERE (setting_key, name, pack_id) IN
        (SELECT ${setting}, n.value, p.id FROM (${old(setting, olderThan)}) o
        CROSS JOIN request_log p ON p.setting_key = ${setting} AND p.lane = ${lane} AND p.id = o.id
        CROSS JOIN json_each(p.entries) e
        CROSS JOIN json_each(json_array(e.value->>'u', lower(e.value->>'l'), e.value->>'k')) n)`,
    }),
    remove: (setting, olderThan) => sql`DELETE FROM request_log
      WHERE setting_key = ${setting} AND lane = ${lane} AND id IN (${old(setting, olderThan)})`,
  };
});

/** The names that people lost, by when. */
const FORMER_NAMES: GrowingRows = {
  chunk: CHUNK,
  owners: sql`SELECT c.company_key AS owner,
      (SELECT lost_at FROM former_names WHERE company_key = c.company_key ORDER BY lost_at LIMIT 1) AS oldest
    FROM companies c`,
  remove: (company, olderThan) => sql`DELETE FROM former_names WHERE (user_key, name) IN
    (SELECT user_key, name FROM former_names WHERE company_key = ${company} AND lost_at < ${olderThan} LIMIT ${literal(CHUNK)})`,
};

/** The retention of the log in milliseconds, from the text of LOG_RETENTION_DAYS; RangeError for a bad one. */
export function readLogRetention(days: string | undefined): number {
  return readDays("LOG_RETENTION_DAYS", days, DEFAULT_LOG_DAYS);
}

/** Deletes requests logged before `olderThan` (ms since 1970) from the old end of each setting's log; gives how many rows. */
export async function purgeLog(database: Database, olderThan: number): Promise<number> {
  let purged = 0;
  for (const line of [BEFORE, ...LINES]) purged += await purge(database, line, olderThan);
  return purged;
}

/** Forgets names that people had before `olderThan`: whatever the log had of them is purged; gives how many. */
export function purgeFormerNames(database: Database, olderThan: number): Promise<number> {
  return purge(database, FORMER_NAMES, olderThan);
}
