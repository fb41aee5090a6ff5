import type { Database } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import type { Sql } from "../platform/sql.ts";
import { changeWebhook } from "./change-webhook.ts";
import type { Delivery, Webhook } from "./webhook.ts";

/** What came of asking for a delivery to be sent again; `gone` when its change is no longer kept. */
type ResendAnswer = "asked" | "disabled" | "gone";

/** Has a change sent once more; one that the webhook has not got past yet is tried again at once, with all after it; `beside` goes in the same commit. */
export async function resendDelivery(
  env: Env,
  database: Database,
  webhook: Webhook,
  { seq }: Pick<Delivery, "seq">,
  beside: readonly Sql[] = [],
): Promise<ResendAnswer> {
  if (!webhook.isEnabled) return "disabled";
  const isAsked = await changeWebhook(
    env,
    database,
    webhook.key,
    seq > webhook.cursor ? { kind: "resume", from: "cursor" } : { kind: "resend", seq, now: Date.now() },
    beside,
  );
  return isAsked ? "asked" : "gone";
}
