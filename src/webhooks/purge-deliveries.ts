import { DAY } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { type GrowingRows, purge } from "../platform/purge-old-rows.ts";
import { literal, sql } from "../platform/sql.ts";

/** How long it is kept what came of deliveries (ms). */
export const DELIVERY_RETENTION = 30 * DAY;

const CHUNK = 5_000;

/** The walk from the oldest stops at the first that is kept; what is to be sent once more is kept, too. */
const DELIVERIES: GrowingRows = {
  chunk: CHUNK,
  owners: sql`SELECT w.webhook_key AS owner, (SELECT CASE WHEN resend_at IS NULL THEN last_attempt_at END
      FROM webhook_deliveries WHERE webhook_key = w.webhook_key ORDER BY seq LIMIT 1) AS oldest
    FROM webhooks w`,
  remove: (webhook, olderThan) => sql`DELETE FROM webhook_deliveries WHERE webhook_key = ${webhook}
    AND seq < (SELECT min(seq) + ${literal(CHUNK)} FROM webhook_deliveries WHERE webhook_key = ${webhook})
    AND seq < coalesce((SELECT seq FROM webhook_deliveries WHERE webhook_key = ${webhook}
        AND (last_attempt_at >= ${olderThan} OR resend_at IS NOT NULL) ORDER BY seq LIMIT 1),
      (SELECT max(seq) + 1 FROM webhook_deliveries WHERE webhook_key = ${webhook}))`,
};

/** Deletes what came of old deliveries up to the first tried since `olderThan` (ms since 1970); gives how many. */
export function purgeDeliveries(database: Database, olderThan: number): Promise<number> {
  return purge(database, DELIVERIES, olderThan);
}
