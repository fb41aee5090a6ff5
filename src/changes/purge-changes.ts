import type { Database } from "../platform/database.ts";
import { type GrowingRows, purge, readDays } from "../platform/purge-old-rows.ts";
import { literal, type Sql, sql } from "../platform/sql.ts";

/** How long the feed is kept when CHANGE_RETENTION_DAYS does not say (days). */
const DEFAULT_RETENTION_DAYS = 90;
const CHUNK = 5_000;

/** What of a company's feed goes at once. */
function isOld(company: number, olderThan: number): Sql {
  return sql`company_key = ${company}
    AND seq < (SELECT min(seq) + ${literal(CHUNK)} FROM changes WHERE company_key = ${company})
    AND seq < coalesce((SELECT seq FROM changes WHERE company_key = ${company} AND time >= ${olderThan} ORDER BY seq LIMIT 1),
      (SELECT max(seq) + 1 FROM changes WHERE company_key = ${company}))`;
}

/**
 * The walk from the oldest change stops at the first that is kept: nothing goes out of the feed's middle. The mark of the
 * last that goes stays, so that a reader who has come as far is known.
 */
const FEED: GrowingRows = {
  chunk: CHUNK,
  owners: sql`SELECT c.company_key AS owner,
      (SELECT time FROM changes WHERE company_key = c.company_key ORDER BY seq LIMIT 1) AS oldest
    FROM companies c`,
  keep: (company, olderThan) => sql`UPDATE companies
    SET purged_mark = (SELECT mark FROM changes WHERE ${isOld(company, olderThan)} ORDER BY seq DESC LIMIT 1)
    WHERE company_key = ${company} AND EXISTS (SELECT 1 FROM changes WHERE ${isOld(company, olderThan)})`,
  remove: (company, olderThan) => sql`DELETE FROM changes WHERE ${isOld(company, olderThan)}`,
};

/** The retention of the feed in milliseconds, from the text of CHANGE_RETENTION_DAYS; RangeError for a bad one. */
export function readRetention(days: string | undefined): number {
  return readDays("CHANGE_RETENTION_DAYS", days, DEFAULT_RETENTION_DAYS);
}

/** Deletes changes made before `olderThan` (ms since 1970) from the old end of each company's feed; gives how many. */
export function purgeChanges(database: Database, olderThan: number): Promise<number> {
  return purge(database, FEED, olderThan);
}
