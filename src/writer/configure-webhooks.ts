import { runRead, selectValue } from "../platform/read-batch.ts";
import { literal, sql } from "../platform/sql.ts";
import { ScimError } from "../scim/scim-error.ts";
import { assertBelow } from "./assert-quota.ts";
import type { ConfigurationOperation, Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";
import { leaveFollowUp } from "./schedule-follow-up.ts";

/** Makes a webhook that is told of every change after this commit; 409 when it is there, 403 when the company has as many as it may. */
export function createWebhook(
  { unit }: OperationContext,
  { webhook }: ConfigurationOperation & { kind: "createWebhook" },
): Outcome {
  const { config, now, changeSeq } = unit;
  if (config.webhooks.has(webhook.id)) throw new ScimError("made_before", "This webhook was made before.");
  assertBelow(unit, "webhooks", config.webhooks.size);
  const key = unit.allocateKey();
  const types = webhook.types === null ? null : JSON.stringify(webhook.types);
  unit.execute(
    `INSERT INTO webhooks (webhook_key, company_key, id, url, types, allows_loopback, cursor_seq, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [key, config.companyKey, webhook.id, webhook.url, types, webhook.allowsLoopback ? 1 : 0, changeSeq, now],
  );
  unit.execute("INSERT INTO webhook_secrets (webhook_key, id, sealed, created_at) VALUES (?, ?, ?, ?)", [
    key,
    webhook.secret.id,
    webhook.secret.sealed,
    now,
  ]);
  const row = { key, url: webhook.url, isEnabled: true, isBehind: false, isFailing: false, failure: null };
  unit.webhooks.set(webhook.id, row);
  return { kind: "done", id: webhook.id, key };
}

/** Changes a webhook; a new URL or switching it on ends its back-off or failing, and it goes on from its cursor. */
export function updateWebhook(
  context: OperationContext,
  { webhookId, change }: ConfigurationOperation & { kind: "updateWebhook" },
): Outcome {
  const key = requireWebhook(context, webhookId);
  const set = (assignments: string, values: (string | number | null)[]) =>
    context.unit.execute(`UPDATE webhooks SET ${assignments}, revision = revision + 1 WHERE webhook_key = ?`, [
      ...values,
      key,
    ]);
  const { target, types, isEnabled } = change;
  if (target !== undefined) set("url = ?, allows_loopback = ?", [target.url, target.allowsLoopback ? 1 : 0]);
  if (types !== undefined) set("types = ?", [types === null ? null : JSON.stringify(types)]);
  if (isEnabled !== undefined) set("enabled = ?", [isEnabled ? 1 : 0]);
  if (target !== undefined || isEnabled === true)
    set(
      "is_failing = 0, failed_attempts = 0, first_failed_at = NULL, failure_code = NULL, failure = NULL, next_attempt_at = NULL",
      [],
    );
  const row = context.unit.webhooks.get(webhookId);
  if (row !== undefined && (target !== undefined || isEnabled !== undefined))
    context.unit.webhooks.set(webhookId, {
      ...row,
      url: target?.url ?? row.url,
      isEnabled: isEnabled ?? row.isEnabled,
      ...((target !== undefined || isEnabled === true) && { isFailing: false, failure: null }),
    });
  return changed(webhookId, key);
}

/** Removes a webhook and its secrets, and what came of its deliveries; of many deliveries in the commits that follow. */
export function deleteWebhook(
  context: OperationContext,
  { webhookId }: ConfigurationOperation & { kind: "deleteWebhook" },
): Outcome {
  const key = requireWebhook(context, webhookId);
  for (const table of ["webhook_secrets", "webhooks"])
    context.unit.execute(`DELETE FROM ${table} WHERE webhook_key = ?`, [key]);
  context.unit.webhooks.set(webhookId, undefined);
  eraseDeliveries(context, key);
  leaveFollowUp(context, "eraseDeliveries", key);
  return changed(webhookId, key);
}

/** Rows of deliveries that one commit deletes. */
const STEP_ROWS = 3_000;

/** Deletes some of a webhook's deliveries. */
export function eraseDeliveries({ unit }: OperationContext, webhookKey: number): void {
  unit.execute(
    `DELETE FROM webhook_deliveries WHERE webhook_key = ?1 AND seq IN
       (SELECT seq FROM webhook_deliveries WHERE webhook_key = ?1 ORDER BY seq LIMIT ${STEP_ROWS})`,
    [webhookKey],
  );
}

/** Whether one more step will have deleted all of a webhook's deliveries. */
export async function hasFewDeliveries(d1: D1Database, webhookKey: number): Promise<boolean> {
  const beyond = sql`SELECT 1 FROM webhook_deliveries WHERE webhook_key = ${webhookKey} LIMIT 1 OFFSET ${literal(STEP_ROWS)}`;
  return (await runRead({ d1 }, selectValue<number>(beyond))) === null;
}

function changed(id: string, key: number): Outcome {
  return { kind: "done", id, key, changedWebhooks: [key] };
}

function requireWebhook({ unit }: OperationContext, id: string): number {
  const webhook = unit.config.webhooks.get(id);
  if (webhook === undefined) throw new ScimError("no_such_webhook", `There is no webhook "${id}" here.`);
  return webhook.key;
}
