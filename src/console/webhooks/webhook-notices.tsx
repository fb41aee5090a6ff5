import type { Webhook } from "../../webhooks/webhook.ts";
import { href } from "../routes.ts";
import { Notice } from "../views/pills-notices-pager.tsx";
import { explainDeliveryFailure, stateOf } from "./explain-webhook.ts";

/** A webhook that failed this often has been in trouble for more than a minute: it will not pass unnoticed by itself. */
const TROUBLING_ATTEMPTS = 4;

/** Says on a company's first page which of its webhooks need somebody. */
export function WebhookNotices({ companyId, webhooks }: { companyId: string; webhooks: readonly Webhook[] }) {
  return (
    <>
      {webhooks.map((webhook) => {
        const state = stateOf(webhook);
        const isTroubled = state === "retrying" && webhook.failedAttempts >= TROUBLING_ATTEMPTS;
        if (webhook.failure === null || !(isTroubled || state === "failing")) return null;
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
