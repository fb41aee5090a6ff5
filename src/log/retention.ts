import type { Database } from "../platform/database.ts";
import { KEY_SPAN } from "../platform/ids.ts";

const DAY = 24 * 60 * 60 * 1000;
/** How long the provisioning log is kept when LOG_RETENTION_DAYS does not say (days). */
export const DEFAULT_LOG_DAYS = 30;

/** Rows deleted by one statement, and statements of one purge: what is left over is for the next. */
const CHUNK = 2_000;
const MAX_STATEMENTS = 40;

/** The retention of the log in milliseconds, from the text of LOG_RETENTION_DAYS; RangeError for a bad one. */
export function readLogRetention(days: string | undefined): number {
  const given = days === undefined || days === "" ? DEFAULT_LOG_DAYS : Number(days);
  if (!Number.isFinite(given) || given <= 0)
    throw new RangeError(`LOG_RETENTION_DAYS is "${days}": give a number of days above 0.`);
  return given * DAY;
}

/**
 * Deletes requests logged before `olderThan` (ms since 1970) from the old end of each company's log; gives how many. Keys
 * grow with time, so it reads no more than it deletes, but a chunk for each company. A very long log takes several calls.
 */
export async function purgeLog({ d1 }: Database, olderThan: number): Promise<number> {
  const own = `log_key > c.company_key * ${KEY_SPAN} AND log_key < (c.company_key + 1) * ${KEY_SPAN}`;
  const { results } = await d1
    .prepare(
      `SELECT c.company_key AS companyKey FROM companies c
       WHERE (SELECT time FROM provisioning_log WHERE ${own} ORDER BY log_key LIMIT 1) < ?1 LIMIT ${MAX_STATEMENTS}`,
    )
    .bind(olderThan)
    .all<{ companyKey: number }>();
  let purged = 0;
  let statements = 0;
  for (const { companyKey } of results)
    for (let count = CHUNK; count === CHUNK && statements < MAX_STATEMENTS; statements += 1) {
      count = await purgeChunk(d1, companyKey, olderThan);
      purged += count;
    }
  return purged;
}

/** Forgets names that people had before `olderThan`: whatever the log had of them is purged; gives how many. */
export async function purgeFormerNames({ d1 }: Database, olderThan: number): Promise<number> {
  let purged = 0;
  for (let count = CHUNK, statements = 0; count === CHUNK && statements < MAX_STATEMENTS; statements += 1) {
    const { meta } = await d1
      .prepare(
        `DELETE FROM former_names WHERE (user_key, name) IN (SELECT f.user_key, f.name FROM companies c
           CROSS JOIN former_names f ON f.company_key = c.company_key AND f.lost_at < ? LIMIT ${CHUNK})`,
      )
      .bind(olderThan)
      .run();
    count = meta.changes;
    purged += count;
  }
  return purged;
}

async function purgeChunk(d1: D1Database, companyKey: number, olderThan: number): Promise<number> {
  const { meta } = await d1
    .prepare(
      `DELETE FROM provisioning_log WHERE time < ?2 AND log_key IN (SELECT log_key FROM provisioning_log
         WHERE log_key > ?1 * ${KEY_SPAN} AND log_key < (?1 + 1) * ${KEY_SPAN} ORDER BY log_key LIMIT ${CHUNK})`,
    )
    .bind(companyKey, olderThan)
    .run();
  return meta.changes;
}
