import type { PublishedChange } from "../changes/published-change.ts";
import { isoTime, systemClock } from "../platform/clock.ts";
import { columnsOf } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import { runRead, selectAll, selectFirst, together } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";
import { newId } from "../platform/uuid.ts";
import { sendWebhook } from "./send-webhook.ts";
import { webhooks } from "./tables.ts";
import { openWebhookSecret } from "./webhook-secret.ts";

const TARGET = columnsOf(webhooks, "w", ["id", "url", "allowsLoopback"]);

/**
 * Sends a signed test event to a webhook now; gives why it was not taken, or null. It is no change of the feed: its id is one
 * of its own, its data says that it is a test, and what is kept of deliveries stays as it is.
 */
export async function testWebhook(
  env: Env,
  database: Database,
  company: { id: string },
  webhookKey: number,
): Promise<string | null> {
  const now = systemClock();
  const secrets = sql`SELECT sealed FROM webhook_secrets
    WHERE webhook_key = ${webhookKey} AND (expires_at IS NULL OR expires_at > ${now}) ORDER BY created_at DESC, id DESC`;
  const found = await runRead(
    database,
    together({
      target: selectFirst(sql`SELECT ${TARGET.list} FROM webhooks w WHERE w.webhook_key = ${webhookKey}`, TARGET.read),
      secrets: selectAll(secrets, (row) => (row as { sealed: string }).sealed), // by the statement
    }),
  );
  if (found.target === null) return "This webhook is not there any more.";
  const { id, url, allowsLoopback } = found.target;
  const opened = await Promise.all(found.secrets.map((sealed) => openWebhookSecret(env, id, sealed)));
  const target = { url, allowsLoopback, secrets: opened.filter((secret) => secret !== null) };
  const { failure } = await sendWebhook(target, testEvent(company.id, now), {
    fetch: (address, init) => fetch(address, init),
    clock: systemClock,
  });
  return failure?.detail ?? null;
}

function testEvent(companyId: string, now: number): PublishedChange {
  const id = `test-${newId(now)}`;
  return {
    ...{ id, cursor: "", type: "alert.opened", schemaVersion: 1, time: isoTime(now), companyId },
    subject: { kind: "alert", id },
    data: { test: true, title: "A test of alerts", detail: "Nothing is wrong." },
    cause: { requestId: id, actor: "admin", settingId: null, provider: null, rule: null },
  };
}
