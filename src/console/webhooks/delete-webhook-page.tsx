import type { Webhook } from "../../webhooks/webhook.ts";
import type { ConsoleContext } from "../console-env.ts";
import { href } from "../routes.ts";
import { FormEnd } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { describeBacklog } from "./webhooks-page.tsx";

/** Asks before a webhook is deleted. */
export function showWebhookDeletion(c: ConsoleContext, webhook: Webhook) {
  const at = { companyId: c.var.company.id, webhookId: webhook.id };
  return c.html(
    <Page
      title="Delete this webhook?"
      company={c.var.company}
      session={c.var.session}
      section="webhooks"
      crumbs={[
        { label: "Webhooks", url: href("webhooks", { companyId: at.companyId }) },
        { label: new URL(webhook.url).host, url: href("webhook", at) },
      ]}
      lead="This cannot be undone. The changes themselves stay in the feed."
      narrow
    >
      <form class="card stack" method="post" action={href("deleteWebhook", at)}>
        <p>
          Nothing more is sent to <code>{webhook.url}</code>
          {webhook.waiting.count > 0 && `, not even ${describeBacklog(webhook)} that it has not received yet`}.
        </p>
        <FormEnd cancel={href("webhook", at)} label="Delete this webhook" isDanger />
      </form>
    </Page>,
  );
}
