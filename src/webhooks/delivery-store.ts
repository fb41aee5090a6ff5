import type { Change } from "../changes/change.ts";
import { selectSome } from "../changes/change-store.ts";
import type { Stretch } from "../platform/byte-budget.ts";
import { columnsOf } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import type { SessionSecrets } from "../platform/derived-keys.ts";
import { prepareAll, runBatch, selectAll, selectFirst, together } from "../platform/read-batch.ts";
import { redactCredentials } from "../platform/redact-credentials.ts";
import { retry } from "../platform/retry.ts";
import { type Sql, sql } from "../platform/sql.ts";
import type { DeliveryAttempt, Report, Round } from "./courier-ports.ts";
import { askForReview } from "./request-alert-review.ts";
import { webhooks } from "./tables.ts";
import { openWebhookSecret } from "./webhook-secret.ts";

/** A round takes at most this many changes, and a crash sends at most so many again. */
const ROUND_SIZE = 32;
/** A round looks through at most this much of the feed for changes of the webhook's types. */
const ROUND_SPAN = 20_000;
const RESENDS = 8;

const COLUMNS = columnsOf(webhooks, "w", [
  "key",
  "id",
  "url",
  "allowsLoopback",
  "isEnabled",
  "isFailing",
  "cursor",
  "revision",
  "failedAttempts",
  "firstFailedAt",
  "nextAttemptAt",
]);

/** How far the feed of a webhook's company reaches, and whose it is. */
interface Feed {
  companyId: string;
  head: number;
  oldest: number | null;
}

// Of two instances of a courier, as after a restart, the older one learns from its next report that it is superseded. One
// that is disabled sends nothing.
function takeOver(webhookKey: number): Sql {
  return sql`UPDATE webhooks SET revision = revision + 1 WHERE webhook_key = ${webhookKey} AND enabled = 1`;
}

function selectRound(webhookKey: number, now: number) {
  const webhook = sql`SELECT ${COLUMNS.list}, c.id AS companyId, c.change_seq AS head,
      (SELECT min(seq) FROM changes WHERE company_key = w.company_key) AS oldest
    FROM webhooks w JOIN companies c ON c.company_key = w.company_key WHERE w.webhook_key = ${webhookKey}`;
  const secrets = sql`SELECT sealed FROM webhook_secrets
    WHERE webhook_key = ${webhookKey} AND (expires_at IS NULL OR expires_at > ${now}) ORDER BY created_at DESC, id DESC`;
  return together({
    // What the statements above select.
    webhook: selectFirst(webhook, (row) => ({ ...COLUMNS.read(row), feed: row as Feed })),
    secrets: selectAll(secrets, (row) => (row as { sealed: string }).sealed),
    changes: selectSome(sql`FROM webhooks w JOIN changes c ON c.company_key = w.company_key
        AND c.seq > w.cursor_seq AND c.seq <= w.cursor_seq + ${ROUND_SPAN}
      WHERE w.webhook_key = ${webhookKey} AND w.enabled = 1 AND w.is_failing = 0
        AND (w.next_attempt_at IS NULL OR w.next_attempt_at <= ${now})
        AND (w.types IS NULL OR c.type IN (SELECT value FROM json_each(w.types)))
      ORDER BY c.seq LIMIT ${ROUND_SIZE}`),
    resends: selectSome(sql`FROM webhooks w
      JOIN webhook_deliveries d ON d.webhook_key = w.webhook_key AND d.resend_at IS NOT NULL
      JOIN changes c ON c.company_key = w.company_key AND c.seq = d.seq
      WHERE w.webhook_key = ${webhookKey} AND w.enabled = 1 ORDER BY d.resend_at LIMIT ${RESENDS}`),
  });
}

/**
 * What a webhook's courier has to do at `now`, read in one transaction; null when the webhook is gone. An instance that
 * has not been here before takes over from any other.
 */
export async function loadRound(
  { d1 }: Database,
  webhookKey: number,
  keys: SessionSecrets,
  { now, isTakingOver }: { now: number; isTakingOver: boolean },
): Promise<Round | null> {
  const first = isTakingOver ? [takeOver(webhookKey)] : [];
  const round = selectRound(webhookKey, now);
  const results = await runBatch(d1, prepareAll(d1, [...first, ...round.statements]));
  const { webhook: found, secrets, changes, resends } = round.decode(results.slice(first.length));
  if (found === null) return null;
  const { feed, isEnabled, isFailing, ...webhook } = found;
  const opened = await Promise.all(secrets.map((sealed) => openWebhookSecret(keys, webhook.id, sealed)));
  return {
    webhook: { ...webhook, companyId: feed.companyId, isActive: isEnabled && !isFailing },
    secrets: opened.filter((secret) => secret !== null),
    resends: resends.rows,
    hasMoreResends: resends.isCut || resends.rows.length === RESENDS,
    changes: changes.rows,
    ...reachOf(webhook.cursor, feed, changes),
  };
}

function reachOf(
  cursor: number,
  { head, oldest }: Feed,
  { rows, isCut }: Stretch<Change>,
): Pick<Round, "readTo" | "isAtHead" | "hasMissed"> {
  const last = isCut || rows.length === ROUND_SIZE ? rows.at(-1)?.seq : undefined;
  const readTo = last ?? Math.min(head, cursor + ROUND_SPAN);
  return { readTo, isAtHead: readTo >= head, hasMissed: (oldest ?? head + 1) > cursor + 1 };
}

// The join keeps a report of a webhook that was deleted meanwhile from leaving rows behind. A report that is written again,
// since the first answer was lost, counts its attempts once: it says of the same attempt what the row says already.
const ATTEMPTS = `
INSERT INTO webhook_deliveries (webhook_key, seq, mark, type, status, attempts, response_status, response_body, error_code,
  error, duration, first_attempt_at, last_attempt_at, delivered_at)
SELECT w.webhook_key, j.value->>'seq', j.value->>'mark', j.value->>'type', j.value->>'status', 1, j.value->>'responseStatus',
  j.value->>'responseBody', j.value->>'errorCode', j.value->>'error', j.value->>'duration', j.value->>'at', j.value->>'at',
  CASE WHEN j.value->>'status' = 'delivered' THEN j.value->>'at' END
FROM json_each(?2) j JOIN webhooks w ON w.webhook_key = ?1 WHERE true
ON CONFLICT (webhook_key, seq) DO UPDATE SET mark = excluded.mark, status = excluded.status,
  attempts = attempts + (resend_at IS NOT NULL OR (last_attempt_at, duration, webhook_deliveries.status)
    IS NOT (excluded.last_attempt_at, excluded.duration, excluded.status)),
  response_status = excluded.response_status, response_body = excluded.response_body,
  error_code = excluded.error_code, error = excluded.error,
  duration = excluded.duration, last_attempt_at = excluded.last_attempt_at,
  delivered_at = coalesce(excluded.delivered_at, delivered_at),
  resend_at = CASE WHEN resend_at <= excluded.last_attempt_at THEN NULL ELSE resend_at END`;

const PROGRESS = `
UPDATE webhooks SET cursor_seq = ?2, failed_attempts = 0, first_failed_at = NULL, failure_code = NULL, failure = NULL,
  next_attempt_at = NULL, last_delivered_at = coalesce(?3, last_delivered_at)
WHERE webhook_key = ?1 AND cursor_seq < ?2`;

// A setback of a change that another instance of the courier has delivered meanwhile counts as little as one of an old
// revision.
const SETBACK = `
UPDATE webhooks SET failed_attempts = ?2, next_attempt_at = ?3, is_failing = ?4, failure_code = ?5, failure = ?6,
  first_failed_at = coalesce(first_failed_at, ?7)
WHERE webhook_key = ?1 AND revision = ?8 AND cursor_seq < ?9`;

/** Writes a report down in one transaction; false when the webhook was deleted or has got a new revision since. */
export async function recordReport(database: Database, round: Round, report: Report, now: number): Promise<boolean> {
  const { d1 } = database;
  const { key, revision } = round.webhook;
  const { attempts, cursor, setback } = report;
  const statements: D1PreparedStatement[] = [];
  if (attempts.length > 0) statements.push(d1.prepare(ATTEMPTS).bind(key, JSON.stringify(attempts.map(toDeliveryRow))));
  if (cursor !== null) {
    const delivered = attempts.findLast(({ status }) => status === "delivered");
    statements.push(d1.prepare(PROGRESS).bind(key, cursor, delivered?.result.startedAt ?? null));
  }
  if (setback !== null) {
    const { failedAttempts, nextAttemptAt, isFailing, failure } = setback;
    const seq = attempts.at(-1)?.seq ?? Number.MAX_SAFE_INTEGER;
    const { code, detail } = failure;
    const values = [failedAttempts, nextAttemptAt, isFailing ? 1 : 0, code, detail, now, revision, seq];
    statements.push(d1.prepare(SETBACK).bind(key, ...values));
    if (isFailing) statements.push(...prepareAll(d1, [askForReview(key, now)]));
  }
  statements.push(d1.prepare("SELECT revision FROM webhooks WHERE webhook_key = ?").bind(key));
  const answers = await retry(() => d1.batch<{ revision: number }>(statements));
  const present = answers.at(-1)?.results[0];
  return present?.revision === revision;
}

function toDeliveryRow({ seq, mark, type, status, result }: DeliveryAttempt) {
  const { status: responseStatus, body: responseBody, failure, duration, startedAt } = result;
  const { code: errorCode = null, detail: error = null } = failure ?? {};
  // A receiver may answer with what it was sent, or with what it knows of us.
  const [kept, told] = [responseBody, error].map((text) => (text === null ? null : redactCredentials(text)));
  return {
    seq,
    mark,
    type,
    status,
    responseStatus,
    responseBody: kept,
    errorCode,
    error: told,
    duration,
    at: startedAt,
  };
}
