import type { Database } from "../platform/database.ts";
import { type Read, rowsOf, runRead } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import type { FailureCode } from "./failure.ts";
import type { Delivery, Webhook } from "./webhook.ts";

type WebhookRow = Omit<Webhook, "types" | "isEnabled" | "isFailing" | "secrets" | "failure"> & {
  types: string | null;
  isEnabled: number;
  isFailing: number;
  secrets: string;
  failureCode: FailureCode | null;
  failure: string | null;
};

const webhooksOf = (companyKey: number, now: number) => sql`
SELECT w.webhook_key AS key, w.id, w.url, w.types, w.enabled AS isEnabled, w.is_failing AS isFailing,
  w.cursor_seq AS cursor, c.change_seq - w.cursor_seq AS behind, w.failed_attempts AS failedAttempts,
  w.first_failed_at AS firstFailedAt, w.failure_code AS failureCode, w.failure, w.next_attempt_at AS nextAttemptAt,
  w.last_delivered_at AS lastDeliveredAt, w.created_at AS createdAt,
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
  return {
    statements: [sql`${webhooksOf(companyKey, now)} AND w.id > ${after ?? ""} ORDER BY w.id LIMIT ${take}`],
    decode: ([rows]) => rowsOf<WebhookRow>(rows).map(toWebhook),
  };
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
  return {
    statements: [sql`${webhooksOf(companyKey, now)} AND w.id = ${id}`],
    decode: ([rows]) => rowsOf<WebhookRow>(rows).map(toWebhook)[0] ?? null,
  };
}

/** The key of a company's webhook, as a piece of SQL. */
export function webhookKeyOf(companyKey: number, id: string): Sql {
  return sql`(SELECT webhook_key FROM webhooks WHERE company_key = ${companyKey} AND id = ${id})`;
}

function toWebhook({ failureCode, failure, ...row }: WebhookRow): Webhook {
  return {
    ...row,
    failure: failure === null ? null : { code: failureCode, detail: failure },
    // Both columns are JSON that the statements above and the writer make.
    types: row.types === null ? null : (JSON.parse(row.types) as string[]),
    secrets: JSON.parse(row.secrets) as Webhook["secrets"],
    isEnabled: row.isEnabled === 1,
    isFailing: row.isFailing === 1,
  };
}

const DELIVERIES = rawSql(`
SELECT seq, type, status, attempts, response_status AS responseStatus, response_body AS responseBody, error_code AS errorCode,
  error, duration,
  first_attempt_at AS firstAttemptAt, last_attempt_at AS lastAttemptAt, delivered_at AS deliveredAt,
  resend_at AS resendAt
FROM webhook_deliveries`);

/** Up to `take` deliveries of a webhook, the newest change first, before the one of seq `before`. */
export async function listDeliveries(
  database: Database,
  webhookKey: number,
  page: { take: number; before: number | null; status: Delivery["status"] | null },
): Promise<Delivery[]> {
  return runRead(database, selectDeliveries(webhookKey, page));
}

/** Reads what `listDeliveries` gives. */
export function selectDeliveries(
  webhookKey: number | Sql,
  { take, before, status }: { take: number; before: number | null; status: Delivery["status"] | null },
): Read<Delivery[]> {
  const ofStatus = status === null ? rawSql("TRUE") : sql`status = ${status}`;
  return {
    statements: [
      sql`${DELIVERIES} WHERE webhook_key = ${webhookKey} AND seq < ${before ?? Number.MAX_SAFE_INTEGER} AND ${ofStatus}
        ORDER BY seq DESC LIMIT ${take}`,
    ],
    decode: ([rows]) => rowsOf<Delivery>(rows),
  };
}

/** The delivery of one change to a webhook, or null when it was not tried yet. */
export async function findDelivery(database: Database, webhookKey: number, seq: number): Promise<Delivery | null> {
  const [delivery = null] = await runRead(database, {
    statements: [sql`${DELIVERIES} WHERE webhook_key = ${webhookKey} AND seq = ${seq}`],
    decode: ([rows]) => rowsOf<Delivery>(rows),
  });
  return delivery;
}

/** How long after its time a courier's work counts as forgotten (ms). */
const GRACE = 60_000;

/** The keys of up to 500 webhooks whose courier has work that was due a minute before `now`; one walk over them all. */
export async function findLaggingWebhooks(database: Database, now: number): Promise<number[]> {
  const { results } = await database.d1
    .prepare(
      `SELECT w.webhook_key AS key FROM webhooks w JOIN companies c ON c.company_key = w.company_key
       WHERE w.enabled = 1 AND (
         (w.is_failing = 0 AND w.cursor_seq < c.change_seq AND coalesce(w.next_attempt_at, 0) < ?1)
         OR EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.webhook_key = w.webhook_key AND d.resend_at < ?1))
       LIMIT 500`,
    )
    .bind(now - GRACE)
    .all<{ key: number }>();
  return results.map(({ key }) => key);
}
