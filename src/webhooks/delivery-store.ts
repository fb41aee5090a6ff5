import type { Change } from "../changes/change.ts";
import { selectSome } from "../changes/change-store.ts";
import type { Stretch } from "../platform/byte-budget.ts";
import { columnsOf } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import type { SessionSecrets } from "../platform/derived-keys.ts";
import { rowsOfEach, selectAll, selectFirst, sendBatch, together } from "../platform/read-batch.ts";
import { redactCredentials } from "../platform/redact-credentials.ts";
import { retry } from "../platform/retry.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { BACK_OFF_ENDED } from "./back-off-ended.ts";
import type { DeliveryAttempt, Report, Round } from "./courier-ports.ts";
import { alertReviewOf } from "./request-alert-review.ts";
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
function supersede(webhookKey: number): Sql {
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
 * has not been here before supersedes any other.
 */
export async function loadRound(
  { d1 }: Database,
  webhookKey: number,
  keys: SessionSecrets,
  { now, supersedesOthers }: { now: number; supersedesOthers: boolean },
): Promise<Round | null> {
  const first = supersedesOthers ? [supersede(webhookKey)] : [];
  const round = selectRound(webhookKey, now);
  const results = rowsOfEach(await sendBatch(d1, [...first, ...round.statements]));
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
function keepAttempts(webhookKey: number, attempts: readonly DeliveryAttempt[]): Sql {
  const rows = JSON.stringify(attempts.map(toDeliveryRow));
  return sql`
INSERT INTO webhook_deliveries (webhook_key, seq, mark, type, status, attempts, response_status, response_body, error_code,
  error, duration, first_attempt_at, last_attempt_at, delivered_at)
SELECT w.webhook_key, j.value->>'seq', j.value->>'mark', j.value->>'type', j.value->>'status', 1, j.value->>'responseStatus',
  j.value->>'responseBody', j.value->>'errorCode', j.value->>'error', j.value->>'duration', j.value->>'at', j.value->>'at',
  CASE WHEN j.value->>'status' = 'delivered' THEN j.value->>'at' END
FROM json_each(${rows}) j JOIN webhooks w ON w.webhook_key = ${webhookKey} WHERE true
ON CONFLICT (webhook_key, seq) DO UPDATE SET mark = excluded.mark, status = excluded.status,
  attempts = attempts + (resend_at IS NOT NULL OR (last_attempt_at, duration, webhook_deliveries.status)
    IS NOT (excluded.last_attempt_at, excluded.duration, excluded.status)),
  response_status = excluded.response_status, response_body = excluded.response_body,
  error_code = excluded.error_code, error = excluded.error,
  duration = excluded.duration, last_attempt_at = excluded.last_attempt_at,
  delivered_at = coalesce(excluded.delivered_at, delivered_at),
  resend_at = CASE WHEN resend_at <= excluded.last_attempt_at THEN NULL ELSE resend_at END`;
}

function advance(webhookKey: number, cursor: number, attempts: readonly DeliveryAttempt[]): Sql {
  const delivered = attempts.findLast(({ status }) => status === "delivered");
  return sql`
UPDATE webhooks SET cursor_seq = ${cursor}, ${BACK_OFF_ENDED},
  last_delivered_at = coalesce(${delivered?.result.startedAt ?? null}, last_delivered_at)
WHERE webhook_key = ${webhookKey} AND cursor_seq < ${cursor}`;
}

// A setback of a change that another instance of the courier has delivered meanwhile counts as little as one of an old
// revision.
function setBack(
  { key, revision }: Round["webhook"],
  { failedAttempts, nextAttemptAt, isFailing, failure }: NonNullable<Report["setback"]>,
  { seq, now }: { seq: number; now: number },
): Sql {
  return sql`
UPDATE webhooks SET failed_attempts = ${failedAttempts}, next_attempt_at = ${nextAttemptAt}, is_failing = ${isFailing ? 1 : 0},
  failure_code = ${failure.code}, failure = ${failure.detail}, first_failed_at = coalesce(first_failed_at, ${now})
WHERE webhook_key = ${key} AND revision = ${revision} AND cursor_seq < ${seq}`;
}

/** Writes a report down in one transaction; false when the webhook was deleted or has got a new revision since. */
export async function recordReport({ d1 }: Database, round: Round, report: Report, now: number): Promise<boolean> {
  const { webhook } = round;
  const { attempts, cursor, setback } = report;
  const statements: Sql[] = [];
  if (attempts.length > 0) statements.push(keepAttempts(webhook.key, attempts));
  if (cursor !== null) statements.push(advance(webhook.key, cursor, attempts));
  if (setback !== null) {
    const seq = attempts.at(-1)?.seq ?? Number.MAX_SAFE_INTEGER;
    statements.push(setBack(webhook, setback, { seq, now }));
    if (setback.isFailing) statements.push(alertReviewOf(webhook.key, now));
  }
  statements.push(sql`SELECT revision FROM webhooks WHERE webhook_key = ${webhook.key}`);
  const answers = await retry(() => sendBatch(d1, statements));
  return answers.at(-1)?.results[0]?.revision === webhook.revision;
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
