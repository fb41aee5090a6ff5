import type { Database } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import type { Sql } from "../platform/sql.ts";
import { wakeCourier } from "./call-courier.ts";
import { requestReview } from "./request-alert-review.ts";
import type { ResumePoint } from "./webhook.ts";
import { requestResend, resumeWebhook, rotateSecret } from "./webhook-change-store.ts";

/** What is changed about a webhook's deliveries; times are milliseconds since 1970. */
type WebhookChange =
  | { kind: "resume"; from: ResumePoint }
  | { kind: "rotateSecret"; secret: { id: string; sealed: string }; now: number; overlapEndsAt: number }
  | { kind: "resend"; seq: number; now: number };

/**
 * Changes a webhook and has its courier look at it: no door does so in another way. False when that could not be done,
 * since changes that it needs are no longer kept. What a webhook *is* (its address, its types, whether it is enabled or
 * there at all) the company's writer changes (`writer/configure-webhooks.ts`), and has couriers woken by each such commit.
 * `beside` goes in the commit of the change.
 */
export async function changeWebhook(
  env: Env,
  database: Database,
  webhookKey: number,
  change: WebhookChange,
  beside: readonly Sql[] = [],
): Promise<boolean> {
  const isChanged = await apply(database, webhookKey, change, beside);
  if (isChanged) await wakeCourier(env, webhookKey);
  if (isChanged && change.kind === "resume") await requestReview(env, database, webhookKey);
  return isChanged;
}

async function apply(
  database: Database,
  webhookKey: number,
  change: WebhookChange,
  beside: readonly Sql[],
): Promise<boolean> {
  switch (change.kind) {
    case "resume":
      return resumeWebhook(database, webhookKey, change.from, beside);
    case "rotateSecret":
      await rotateSecret(database, webhookKey, change.secret, change, beside);
      return true;
    case "resend":
      return requestResend(database, webhookKey, change.seq, change.now, beside);
  }
}
