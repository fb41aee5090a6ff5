import { runRead, selectValue } from "../platform/read-batch.ts";
import { literal, type Sql, sql } from "../platform/sql.ts";
import { ScimError } from "../scim/scim-error.ts";
import { BACK_OFF_ENDED } from "../webhooks/back-off-ended.ts";
import { assertBelow } from "./assert-quota.ts";
import type { ConfigurationOperation, Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";
import { scheduleFollowUp } from "./schedule-follow-up.ts";

/** Makes a webhook that is told of every change after this commit; 409 when it is there, 403 when the company has as many as it may. */
export function createWebhook(
  { unit }: OperationContext,
  { webhook }: ConfigurationOperation & { kind: "createWebhook" },
): Outcome {
  const { config, now, changeSeq } = unit;
  const { id, url, secret } = webhook;
  if (config.webhooks.has(id)) throw new ScimError("made_before", "This webhook was made before.");
  assertBelow(unit, "webhooks", config.webhooks.size);
  const key = unit.allocateKey();
  const types = webhook.types === null ? null : JSON.stringify(webhook.types);
  unit.execute(
    sql`INSERT INTO webhooks (webhook_key, company_key, id, url, types, allows_loopback, cursor_seq, created_at)
      VALUES (${key}, ${config.companyKey}, ${id}, ${url}, ${types}, ${webhook.allowsLoopback ? 1 : 0}, ${changeSeq}, ${now})`,
  );
  unit.execute(
    sql`INSERT INTO webhook_secrets (webhook_key, id, sealed, created_at)
      VALUES (${key}, ${secret.id}, ${secret.sealed}, ${now})`,
  );
  const row = { key, url, isEnabled: true, isBehind: false, isFailing: false, failure: null };
  unit.webhooks.set(id, row);
  return { kind: "done", id, key };
}

/** Changes rows of webhooks, by their keys, and has their couriers look at them after the commit: nobody in this room does otherwise. */
export function changeWebhooks(
  { unit }: OperationContext,
  keys: readonly number[],
  assignments: Sql,
  condition = sql`TRUE`,
): void {
  unit.execute(
    sql`UPDATE webhooks SET ${assignments}, revision = revision + 1
      WHERE webhook_key IN (SELECT value FROM json_each(${JSON.stringify(keys)})) AND ${condition}`,
  );
  for (const key of keys) unit.webhooksToWake.add(key);
}

/** Changes a webhook; a new URL or switching it on ends its back-off or failing, and it goes on from its cursor. */
export function updateWebhook(
  context: OperationContext,
  { webhookId, change }: ConfigurationOperation & { kind: "updateWebhook" },
): Outcome {
  const key = requireWebhook(context, webhookId);
  const set = (assignments: Sql) => changeWebhooks(context, [key], assignments);
  const { target, types, isEnabled } = change;
  if (target !== undefined) set(sql`url = ${target.url}, allows_loopback = ${target.allowsLoopback ? 1 : 0}`);
  if (types !== undefined) set(sql`types = ${types === null ? null : JSON.stringify(types)}`);
  if (isEnabled !== undefined) set(sql`enabled = ${isEnabled ? 1 : 0}`);
  if (target !== undefined || isEnabled === true) set(sql`is_failing = 0, ${BACK_OFF_ENDED}`);
  const row = context.unit.webhooks.get(webhookId);
  if (row !== undefined && (target !== undefined || isEnabled !== undefined))
    context.unit.webhooks.set(webhookId, {
      ...row,
      url: target?.url ?? row.url,
      isEnabled: isEnabled ?? row.isEnabled,
      ...((target !== undefined || isEnabled === true) && { isFailing: false, failure: null }),
    });
  return { kind: "done", id: webhookId, key };
}

/** Removes a webhook and its secrets, and what came of its deliveries; of many deliveries in the commits that follow. */
export function deleteWebhook(
  context: OperationContext,
  { webhookId }: ConfigurationOperation & { kind: "deleteWebhook" },
): Outcome {
  const key = requireWebhook(context, webhookId);
  context.unit.execute(sql`DELETE FROM webhook_secrets WHERE webhook_key = ${key}`);
  context.unit.execute(sql`DELETE FROM webhooks WHERE webhook_key = ${key}`);
  context.unit.webhooks.set(webhookId, undefined);
  context.unit.webhooksToWake.add(key);
  eraseDeliveries(context, key);
  scheduleFollowUp(context, "eraseDeliveries", key);
  return { kind: "done", id: webhookId, key };
}

/** Rows of deliveries that one commit deletes. */
const STEP_ROWS = 3_000;

/** Deletes some of a webhook's deliveries. */
export function eraseDeliveries({ unit }: OperationContext, webhookKey: number): void {
  unit.execute(
    sql`DELETE FROM webhook_deliveries WHERE webhook_key = ${webhookKey} AND seq IN
      (SELECT seq FROM webhook_deliveries WHERE webhook_key = ${webhookKey} ORDER BY seq LIMIT ${literal(STEP_ROWS)})`,
  );
}

/** Whether one more step will have deleted all of a webhook's deliveries. */
export async function hasFewDeliveries(d1: D1Database, webhookKey: number): Promise<boolean> {
  const beyond = sql`SELECT 1 FROM webhook_deliveries WHERE webhook_key = ${webhookKey} LIMIT 1 OFFSET ${literal(STEP_ROWS)}`;
  return (await runRead({ d1 }, selectValue<number>(beyond))) === null;
}

function requireWebhook({ unit }: OperationContext, id: string): number {
  const webhook = unit.config.webhooks.get(id);
  if (webhook === undefined) throw new ScimError("no_such_webhook", `There is no webhook "${id}" here.`);
  return webhook.key;
}
