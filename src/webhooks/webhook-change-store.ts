import type { Database } from "../platform/database.ts";
import { sendBatch } from "../platform/read-batch.ts";
import { retry } from "../platform/retry.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { BACK_OFF_ENDED } from "./back-off-ended.ts";
import { alertReviewOf } from "./request-alert-review.ts";
import type { ResumePoint } from "./webhook.ts";

/**
 * Adds a signing secret; the newest one before goes on signing until `overlapEndsAt`, older ones end now. A secret whose
 * id is there already changes nothing: one asked for twice must not push the one before it out.
 */
export async function rotateSecret(
  { d1 }: Database,
  webhookKey: number,
  secret: { id: string; sealed: string },
  time: { now: number; overlapEndsAt: number },
  beside: readonly Sql[] = [],
): Promise<void> {
  const isNew = sql`NOT EXISTS (SELECT 1 FROM webhook_secrets WHERE webhook_key = ${webhookKey} AND id = ${secret.id})`;
  const statements = [
    sql`DELETE FROM webhook_secrets WHERE webhook_key = ${webhookKey}
      AND (expires_at IS NOT NULL OR ${time.overlapEndsAt} <= ${time.now}) AND ${isNew}`,
    sql`UPDATE webhook_secrets SET expires_at = ${time.overlapEndsAt} WHERE webhook_key = ${webhookKey} AND ${isNew}`,
    sql`INSERT INTO webhook_secrets (webhook_key, id, sealed, created_at)
      VALUES (${webhookKey}, ${secret.id}, ${secret.sealed}, ${time.now}) ON CONFLICT DO NOTHING`,
    sql`UPDATE webhooks SET revision = revision + 1, next_attempt_at = NULL WHERE webhook_key = ${webhookKey}`,
    ...beside,
  ];
  await retry(() => sendBatch(d1, statements));
}

const HEAD = sql`(SELECT change_seq FROM companies WHERE company_key = webhooks.company_key)`;
const OLDEST = sql`coalesce((SELECT min(seq) FROM changes WHERE company_key = webhooks.company_key), ${HEAD} + 1)`;
/** From where a webhook goes on. */
const START: Record<ResumePoint, Sql> = {
  cursor: sql`cursor_seq`,
  oldest: sql`max(cursor_seq, ${OLDEST} - 1)`,
  now: sql`max(cursor_seq, ${HEAD})`,
};

/**
 * Ends a webhook's back-off or failing and lets it go on from a point of the feed; its cursor never moves back. False
 * when it would go on from its cursor but changes after that are no longer kept.
 */
export async function resumeWebhook(
  database: Database,
  webhookKey: number,
  from: ResumePoint,
  beside: readonly Sql[] = [],
): Promise<boolean> {
  const condition = from === "cursor" ? sql` AND ${OLDEST} <= cursor_seq + 1` : sql``;
  const resumed = sql`UPDATE webhooks SET cursor_seq = ${START[from]}, is_failing = 0, ${BACK_OFF_ENDED},
    revision = revision + 1
    WHERE webhook_key = ${webhookKey}${condition}`;
  return runWith(database, resumed, [...beside, alertReviewOf(webhookKey, Date.now())]);
}

/** Asks for a delivery to be sent once more; false when its change is no longer kept. */
export async function requestResend(
  database: Database,
  webhookKey: number,
  seq: number,
  now: number,
  beside: readonly Sql[] = [],
): Promise<boolean> {
  const asked = sql`UPDATE webhook_deliveries SET resend_at = ${now} WHERE webhook_key = ${webhookKey} AND seq = ${seq}
    AND EXISTS (SELECT 1 FROM changes c JOIN webhooks w ON w.company_key = c.company_key
      WHERE w.webhook_key = ${webhookKey} AND c.seq = ${seq})`;
  return runWith(database, asked, beside);
}

/** Runs a statement in one batch with others; whether it changed anything. */
async function runWith({ d1 }: Database, statement: Sql, beside: readonly Sql[]): Promise<boolean> {
  const [answer] = await retry(() => sendBatch(d1, [statement, ...beside]));
  return (answer?.meta.changes ?? 0) > 0;
}
