import { DAY } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { type Line, purge, readDays } from "../platform/purge.ts";

/** How long the feed is kept when CHANGE_RETENTION_DAYS does not say (days). */
const DEFAULT_RETENTION_DAYS = 90;
/** How long it is kept what came of deliveries (ms). */
export const DELIVERY_RETENTION = 30 * DAY;

const CHUNK = 5_000;

/** The walk from the oldest change stops at the first that is kept: nothing goes out of the feed's middle. */
const FEED: Line = {
  chunk: CHUNK,
  owners: `SELECT c.company_key AS owner,
      (SELECT time FROM changes WHERE company_key = c.company_key ORDER BY seq LIMIT 1) AS oldest
    FROM companies c`,
  remove: `DELETE FROM changes WHERE company_key = ?1
    AND seq < (SELECT min(seq) + ${CHUNK} FROM changes WHERE company_key = ?1)
    AND seq < coalesce((SELECT seq FROM changes WHERE company_key = ?1 AND time >= ?2 ORDER BY seq LIMIT 1),
      (SELECT max(seq) + 1 FROM changes WHERE company_key = ?1))`,
};

/** As with changes; what is to be sent once more is kept, too. */
const DELIVERIES: Line = {
  chunk: CHUNK,
  owners: `SELECT w.webhook_key AS owner, (SELECT CASE WHEN resend_at IS NULL THEN last_attempt_at END
      FROM webhook_deliveries WHERE webhook_key = w.webhook_key ORDER BY seq LIMIT 1) AS oldest
    FROM webhooks w`,
  remove: `DELETE FROM webhook_deliveries WHERE webhook_key = ?1
    AND seq < (SELECT min(seq) + ${CHUNK} FROM webhook_deliveries WHERE webhook_key = ?1)
    AND seq < coalesce((SELECT seq FROM webhook_deliveries WHERE webhook_key = ?1
        AND (last_attempt_at >= ?2 OR resend_at IS NOT NULL) ORDER BY seq LIMIT 1),
      (SELECT max(seq) + 1 FROM webhook_deliveries WHERE webhook_key = ?1))`,
};

/** The retention of the feed in milliseconds, from the text of CHANGE_RETENTION_DAYS; RangeError for a bad one. */
export function readRetention(days: string | undefined): number {
  return readDays("CHANGE_RETENTION_DAYS", days, DEFAULT_RETENTION_DAYS);
}

/** Deletes changes made before `olderThan` (ms since 1970) from the old end of each company's feed; gives how many. */
export function purgeChanges(database: Database, olderThan: number): Promise<number> {
  return purge(database, FEED, olderThan);
}

/** Deletes what came of old deliveries up to the first tried since `olderThan` (ms since 1970); gives how many. */
export function purgeDeliveries(database: Database, olderThan: number): Promise<number> {
  return purge(database, DELIVERIES, olderThan);
}
