import type { Database } from "../platform/database.ts";

const DAY = 24 * 60 * 60 * 1000;
/** How long the feed is kept when CHANGE_RETENTION_DAYS does not say (days). */
export const DEFAULT_RETENTION_DAYS = 90;
/** How long it is kept what came of deliveries (ms). */
export const DELIVERY_RETENTION = 30 * DAY;

/** Rows deleted by one statement, and statements of one purge: what is left over is for the next. */
const CHUNK = 5_000;
const MAX_STATEMENTS = 40;

/** The retention of the feed in milliseconds, from the text of CHANGE_RETENTION_DAYS; RangeError for a bad one. */
export function readRetention(days: string | undefined): number {
  const given = days === undefined || days === "" ? DEFAULT_RETENTION_DAYS : Number(days);
  if (!Number.isFinite(given) || given <= 0)
    throw new RangeError(`CHANGE_RETENTION_DAYS is "${days}": give a number of days above 0.`);
  return given * DAY;
}

/**
 * Deletes changes made before `olderThan` (ms since 1970) from the old end of each company's feed, never out of its
 * middle; gives how many. A very long feed takes several calls.
 */
export async function purgeChanges(database: Database, olderThan: number): Promise<number> {
  const oldest = "(SELECT time FROM changes WHERE company_key = c.company_key ORDER BY seq LIMIT 1)";
  const { results } = await database.d1
    .prepare(`SELECT c.company_key AS companyKey FROM companies c WHERE ${oldest} < ?1 LIMIT ${MAX_STATEMENTS}`)
    .bind(olderThan)
    .all<{ companyKey: number }>();
  let purged = 0;
  let statements = 0;
  for (const { companyKey } of results)
    for (let count = CHUNK; count === CHUNK && statements < MAX_STATEMENTS; statements += 1) {
      count = await purgeChunk(database, companyKey, olderThan);
      purged += count;
    }
  return purged;
}

/** The walk from the oldest change stops at the first that is kept: it reads no more than it deletes, but one. */
async function purgeChunk({ d1 }: Database, companyKey: number, olderThan: number): Promise<number> {
  const { meta } = await d1
    .prepare(
      `DELETE FROM changes WHERE company_key = ?1
       AND seq < (SELECT min(seq) + ${CHUNK} FROM changes WHERE company_key = ?1)
       AND seq < coalesce((SELECT seq FROM changes WHERE company_key = ?1 AND time >= ?2 ORDER BY seq LIMIT 1),
         (SELECT max(seq) + 1 FROM changes WHERE company_key = ?1))`,
    )
    .bind(companyKey, olderThan)
    .run();
  return meta.changes;
}

/** Deletes what came of old deliveries up to the first tried since `olderThan` (ms since 1970); gives how many. */
export async function purgeDeliveries({ d1 }: Database, olderThan: number): Promise<number> {
  const { results } = await d1.prepare("SELECT webhook_key AS webhookKey FROM webhooks").all<{ webhookKey: number }>();
  let purged = 0;
  for (let start = 0; start < results.length; start += 40) {
    const statements = results
      .slice(start, start + 40)
      .map(({ webhookKey }) => purgeDeliveriesOf(d1, webhookKey, olderThan));
    for (const { meta } of await d1.batch(statements)) purged += meta.changes;
  }
  return purged;
}

/** As with changes, the walk from the oldest stops at the first that is kept. */
function purgeDeliveriesOf(d1: D1Database, webhookKey: number, olderThan: number): D1PreparedStatement {
  const rows = "FROM webhook_deliveries WHERE webhook_key = ?1";
  return d1
    .prepare(
      `DELETE ${rows} AND seq < (SELECT min(seq) + ${CHUNK} ${rows})
       AND seq < coalesce(
         (SELECT seq ${rows} AND (last_attempt_at >= ?2 OR resend_at IS NOT NULL) ORDER BY seq LIMIT 1),
         (SELECT max(seq) + 1 ${rows}))`,
    )
    .bind(webhookKey, olderThan);
}
