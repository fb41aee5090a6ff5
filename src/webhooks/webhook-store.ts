import type { FeedPlace } from "../changes/change.ts";
import { markAt } from "../changes/change-store.ts";
import type { ReadInShare } from "../companies/read-in-share.ts";
import { type SearchedPage, searchFurther } from "../companies/search-through-list.ts";
import { columnsExcept } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import { type Read, runRead, selectAll, selectFirst, selectValues, together } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import { webhookDeliveries, webhooks } from "./tables.ts";
import type { Delivery, Webhook } from "./webhook.ts";

const COLUMNS = columnsExcept(webhooks, "w", ["companyKey", "allowsLoopback", "revision"]);

/** What a webhook's row tells of other tables. */
interface Beside {
  behind: number;
  waiting: number;
  cursorMark: string | null;
  secrets: string;
}

/** How many changes after a cursor are looked at to say for how many of them a webhook waits. */
const COUNTED = 1_000;

const webhooksOf = (companyKey: number, now: number) => sql`
SELECT ${COLUMNS.list}, c.change_seq - w.cursor_seq AS behind,
  iif(w.types IS NULL, c.change_seq - w.cursor_seq, (SELECT count(*) FROM (SELECT x.type FROM changes x
    WHERE x.company_key = w.company_key AND x.seq > w.cursor_seq ORDER BY x.seq LIMIT ${COUNTED}) y
    WHERE y.type IN (SELECT value FROM json_each(w.types)))) AS waiting, ${markAt(rawSql("w.cursor_seq"))} AS cursorMark,
  (SELECT json_group_array(json_object('createdAt', s.created_at, 'expiresAt', s.expires_at) ORDER BY s.created_at DESC)
   FROM webhook_secrets s WHERE s.webhook_key = w.webhook_key AND (s.expires_at IS NULL OR s.expires_at > ${now})) AS secrets
FROM webhooks w JOIN companies c ON c.company_key = w.company_key WHERE w.company_key = ${companyKey}`;

/** Up to `take` webhooks of a company by id, after the one with id `after`, as they are at `now`. */
export async function listWebhooks(
  database: Database,
  companyKey: number,
  now: number,
  page: { take: number; after: string | null },
): Promise<Webhook[]> {
  return runRead(database, selectWebhooks(companyKey, now, page));
}

/** Reads what `listWebhooks` gives. */
export function selectWebhooks(
  companyKey: number,
  now: number,
  { take, after }: { take: number; after: string | null },
): Read<Webhook[]> {
  return selectAll(
    sql`${webhooksOf(companyKey, now)} AND w.id > ${after ?? ""} ORDER BY w.id LIMIT ${take}`,
    toWebhook,
  );
}

/** One webhook of a company, or null. */
export async function findWebhook(
  database: Database,
  companyKey: number,
  now: number,
  id: string,
): Promise<Webhook | null> {
  return runRead(database, selectWebhook(companyKey, now, id));
}

/** Reads one webhook of a company, or null. */
export function selectWebhook(companyKey: number, now: number, id: string): Read<Webhook | null> {
  return selectFirst(sql`${webhooksOf(companyKey, now)} AND w.id = ${id}`, toWebhook);
}

/** The key of a company's webhook, as a piece of SQL. */
export function webhookKeyOf(companyKey: number, id: string): Sql {
  return sql`(SELECT webhook_key FROM webhooks WHERE company_key = ${companyKey} AND id = ${id})`;
}

function toWebhook(selected: unknown): Webhook {
  const { failureCode, failure, ...webhook } = COLUMNS.read(selected);
  const { behind, waiting, cursorMark, secrets } = selected as Beside; // by webhooksOf
  return {
    ...webhook,
    behind,
    waiting: { count: waiting, isLeast: webhook.types !== null && behind > COUNTED },
    cursorMark,
    failure: failure === null ? null : { code: failureCode, detail: failure },
    // Built by json_object in webhooksOf.
    secrets: JSON.parse(secrets) as Webhook["secrets"],
  };
}

const DELIVERY = columnsExcept(webhookDeliveries, "d", ["webhookKey"]);

/**
 * A page of deliveries, before the one of seq `before` or from the newest on; or, where there is a `since`, those after that
 * one, the nearest first.
 */
interface DeliveryPage {
  take: number;
  before: number | null;
  since?: number | null;
}

const SEARCH = {
  what: "No index answers a search of a webhook's deliveries by a status that is rare among them",
  quick: "At any time: the deliveries of all statuses.",
};

/**
 * Up to `take` deliveries of a webhook, the newest change first; to look far for those of a status, `readInShare` has to let
 * it.
 */
export async function listDeliveries(
  database: Database,
  webhookKey: number,
  { status, take, before, since = null }: DeliveryPage & { status: Delivery["status"] | null },
  readInShare: ReadInShare,
): Promise<Delivery[]> {
  if (status === null) return runRead(database, selectDeliveries(webhookKey, { take, before, since }));
  const direction = since === null ? "older" : "newer";
  return searchFurther({ database, readInShare, about: SEARCH }, { take, after: since ?? before }, (page, rows) =>
    selectOfStatus({ webhookKey, status, direction }, page, rows),
  );
}

/** Reads up to `take` deliveries of a webhook, the newest change first. */
export function selectDeliveries(
  webhookKey: number | Sql,
  { take, before, since = null }: DeliveryPage,
): Read<Delivery[]> {
  const older = sql`d.seq < ${before ?? Number.MAX_SAFE_INTEGER} ORDER BY d.seq DESC`;
  const asked = since === null ? older : sql`d.seq > ${since} ORDER BY d.seq`;
  return selectAll(
    sql`SELECT ${DELIVERY.list} FROM webhook_deliveries d WHERE d.webhook_key = ${webhookKey} AND ${asked} LIMIT ${take}`,
    DELIVERY.read,
  );
}

/** Looks through the next `rows` deliveries of a webhook for those of a status. */
function selectOfStatus(
  { webhookKey, status, direction }: { webhookKey: number; status: string; direction: "older" | "newer" },
  { take, after }: SearchedPage,
  rows: number,
) {
  const isOlder = direction === "older";
  const isThere = isOlder ? sql`seq < ${after ?? Number.MAX_SAFE_INTEGER}` : sql`seq > ${after ?? 0}`;
  const order = rawSql(isOlder ? "DESC" : "ASC");
  const last = rawSql(isOlder ? "min(seq)" : "max(seq)");
  const near = sql`SELECT seq FROM webhook_deliveries WHERE webhook_key = ${webhookKey}
    AND ${isThere} ORDER BY seq ${order} LIMIT ${rows}`;
  return together({
    rows: selectAll(
      sql`SELECT ${DELIVERY.list} FROM (${near}) n CROSS JOIN webhook_deliveries d
        ON d.webhook_key = ${webhookKey} AND d.seq = n.seq WHERE d.status = ${status} ORDER BY d.seq ${order} LIMIT ${take}`,
      DELIVERY.read,
    ),
    edge: selectFirst(
      sql`SELECT CASE count(*) WHEN ${rows} THEN ${last} END AS edge FROM (${near})`,
      (row) => (row as { edge: number | null }).edge, // the column of the statement
    ),
  });
}

/** The delivery of one change to a webhook, or null when it was not tried yet. */
export async function findDelivery(
  database: Database,
  webhookKey: number,
  { seq, mark }: FeedPlace,
): Promise<Delivery | null> {
  const statement = sql`SELECT ${DELIVERY.list} FROM webhook_deliveries d
    WHERE d.webhook_key = ${webhookKey} AND d.seq = ${seq} AND d.mark IS ${mark}`;
  return runRead(database, selectFirst(statement, DELIVERY.read));
}

/** How long after its time a courier's work counts as forgotten (ms). */
const GRACE = 60_000;

/** The keys of up to 500 webhooks whose courier has work that was due a minute before `now`; one walk over them all. */
export async function findLaggingWebhooks(database: Database, now: number): Promise<number[]> {
  const due = now - GRACE;
  const statement = sql`SELECT w.webhook_key AS key FROM webhooks w JOIN companies c ON c.company_key = w.company_key
    WHERE w.enabled = 1 AND (
      (w.is_failing = 0 AND w.cursor_seq < c.change_seq AND coalesce(w.next_attempt_at, 0) < ${due})
      OR EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.webhook_key = w.webhook_key AND d.resend_at < ${due}))
    LIMIT 500`;
  return runRead(database, selectValues<number>(statement));
}
