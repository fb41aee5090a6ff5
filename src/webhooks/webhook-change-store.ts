import type { Database } from "../platform/database.ts";
import { prepareAll } from "../platform/read-batch.ts";
import { retry } from "../platform/retry.ts";
import type { Sql } from "../platform/sql.ts";
import { askForReview } from "./request-alert-review.ts";
import type { ResumePoint } from "./webhook.ts";

/**
 * Adds a signing secret; the newest one before goes on signing until `overlapEndsAt`, older ones end now. A secret whose
 * id is there already changes nothing: one asked for twice must not push the one before it out.
 */
export async function rotateSecret(
  database: Database,
  webhookKey: number,
  secret: { id: string; sealed: string },
  time: { now: number; overlapEndsAt: number },
  beside: readonly Sql[] = [],
): Promise<void> {
  const { d1 } = database;
  const isNew = "NOT EXISTS (SELECT 1 FROM webhook_secrets WHERE webhook_key = ?1 AND id = ?2)";
  const statements = [
    d1
      .prepare(
        `DELETE FROM webhook_secrets WHERE webhook_key = ?1 AND (expires_at IS NOT NULL OR ?3 <= ?4) AND ${isNew}`,
      )
      .bind(webhookKey, secret.id, time.overlapEndsAt, time.now),
    d1
      .prepare(`UPDATE webhook_secrets SET expires_at = ?3 WHERE webhook_key = ?1 AND ${isNew}`)
      .bind(webhookKey, secret.id, time.overlapEndsAt),
    d1
      .prepare(
        "INSERT INTO webhook_secrets (webhook_key, id, sealed, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
      )
      .bind(webhookKey, secret.id, secret.sealed, time.now),
    d1
      .prepare(`UPDATE webhooks SET revision = revision + 1, next_attempt_at = NULL WHERE webhook_key = ?`)
      .bind(webhookKey),
    ...prepareAll(d1, beside),
  ];
  await retry(() => d1.batch(statements));
}

const HEAD = "(SELECT change_seq FROM companies WHERE company_key = webhooks.company_key)";

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
  const oldest = `coalesce((SELECT min(seq) FROM changes WHERE company_key = webhooks.company_key), ${HEAD} + 1)`;
  const start = { cursor: "cursor_seq", oldest: `max(cursor_seq, ${oldest} - 1)`, now: `max(cursor_seq, ${HEAD})` };
  const condition = from === "cursor" ? ` AND ${oldest} <= cursor_seq + 1` : "";
  const resumed = database.d1
    .prepare(
      `UPDATE webhooks SET cursor_seq = ${start[from]}, is_failing = 0, failed_attempts = 0, first_failed_at = NULL,
       failure_code = NULL, failure = NULL, next_attempt_at = NULL, revision = revision + 1 WHERE webhook_key = ?1${condition}`,
    )
    .bind(webhookKey);
  return runWith(database, resumed, [...beside, askForReview(webhookKey, Date.now())]);
}

/** Asks for a delivery to be sent once more; false when its change is no longer kept. */
export async function requestResend(
  database: Database,
  webhookKey: number,
  seq: number,
  now: number,
  beside: readonly Sql[] = [],
): Promise<boolean> {
  const asked = database.d1
    .prepare(
      `UPDATE webhook_deliveries SET resend_at = ?3 WHERE webhook_key = ?1 AND seq = ?2 AND EXISTS (
         SELECT 1 FROM changes c JOIN webhooks w ON w.company_key = c.company_key
         WHERE w.webhook_key = ?1 AND c.seq = ?2)`,
    )
    .bind(webhookKey, seq, now);
  return runWith(database, asked, beside);
}

/** Runs a statement in one batch with others; whether it changed anything. */
async function runWith({ d1 }: Database, statement: D1PreparedStatement, beside: readonly Sql[]): Promise<boolean> {
  const [answer] = await retry(() => d1.batch([statement, ...prepareAll(d1, beside)]));
  return (answer?.meta.changes ?? 0) > 0;
}
