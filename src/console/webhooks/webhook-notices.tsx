import type { Webhook } from "../../webhooks/webhook.ts";
import { href } from "../routes.ts";
import { Notice } from "../views/pills-notices-pager.tsx";
import { explainDeliveryFailure, stateOf } from "./explain-webhook.ts";

/** A webhook that failed this often has been in trouble for more than a minute: it will not pass unnoticed by itself. */
const TROUBLING_ATTEMPTS = 4;

/** Whether a webhook needs somebody. */
export function isTroubled(webhook: Webhook): boolean {
  const state = stateOf(webhook);
  const isTroubledLong = state === "retrying" && webhook.failedAttempts >= TROUBLING_ATTEMPTS;
  return webhook.failure !== null && (isTroubledLong || state === "failing");
}

/** Says on a company's first page which of its webhooks need somebody. */
export function WebhookNotices({ companyId, webhooks }: { companyId: string; webhooks: readonly Webhook[] }) {
  return (
    <>
      {webhooks.map((webhook) => {
        const state = stateOf(webhook);
        if (webhook.failure === null || !isTroubled(webhook)) return null;
        return (
          <Notice tone={state === "failing" ? "bad" : "warn"}>
            <p>
              <strong>{state === "failing" ? "A webhook has stopped" : "A webhook has trouble"}</strong>
              {`: ${new URL(webhook.url).host}. ${explainDeliveryFailure(webhook.failure).title}. `}
              <a href={href("webhook", { companyId, webhookId: webhook.id })}>What to do</a>
            </p>
          </Notice>
        );
      })}
    </>
  );
}
