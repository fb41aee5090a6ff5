import type { Child } from "hono/jsx";
import type { Webhook } from "../../webhooks/webhook.ts";
import { href } from "../routes.ts";
import { Hidden } from "../views/form.tsx";
import { formatExact } from "../views/moments-and-counts.tsx";
import { explainDeliveryFailure, stateOf } from "./explain-webhook.ts";

interface At {
  companyId: string;
  webhookId: string;
}

/** What is wrong, in words, and what can be done about it here. */
export function Trouble({ at, webhook, refusal }: { at: At; webhook: Webhook; refusal: Webhook["failure"] }) {
  const state = stateOf(webhook);
  const failure = refusal ?? webhook.failure;
  if (failure === null || state === "paused") return null;
  const { title, advice } = explainDeliveryFailure(failure);
  const hasMissed = failure.code === "missed_changes";
  return (
    <section class={state === "failing" ? "notice bad" : "notice warn"} aria-label="What to do">
      <div class="stack tight">
        <h2>{title}</h2>
        <p>{advice}</p>
        <p class="small">
          {`${failure.detail} ${webhook.failedAttempts > 0 ? `Tried ${webhook.failedAttempts} times` : "Stopped"}`}
          {webhook.firstFailedAt !== null && ` since ${formatExact(webhook.firstFailedAt)}`}
          {webhook.nextAttemptAt === null
            ? ". It stands still until you let it go on. No change is lost meanwhile."
            : `; next at ${formatExact(webhook.nextAttemptAt)}.`}
        </p>
        <div class="row">
          {hasMissed ? (
            <>
              <Resume at={at} from="oldest">
                Go on from the oldest change kept
              </Resume>
              <Resume at={at} from="now">
                Go on from now
              </Resume>
            </>
          ) : (
            <Resume at={at} from="cursor">
              Try again now
            </Resume>
          )}
        </div>
      </div>
    </section>
  );
}

function Resume({ at, from, children }: { at: At; from: string; children?: Child }) {
  return (
    <form method="post" action={href("resumeWebhook", at)}>
      <Hidden values={{ from }} />
      <button type="submit">{children}</button>
    </form>
  );
}
