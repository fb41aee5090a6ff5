import { newId } from "../../platform/ids.ts";
import { MAX_WEBHOOKS, type Webhook } from "../../webhooks/webhook.ts";
import { listWebhooks } from "../../webhooks/webhook-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { newNonce } from "../nonce.ts";
import type { Errors, Values } from "../read-form.ts";
import { href } from "../routes.ts";
import { DoneNotice } from "../views/done-notice.tsx";
import { Hidden } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { countOf, Empty, Moment, Pill } from "../views/parts.tsx";
import { explainFailure, stateOf } from "./explain-webhook.ts";
import { WebhookFields } from "./webhook-form.tsx";

/** The webhooks of a company and how each is doing, and the form for one more. */
export async function showWebhooks(c: ConsoleContext, values: Values = {}, errors: Errors = {}) {
  const { company, database, session } = c.var;
  const webhooks = await listWebhooks(database, company.key, Date.now(), { take: MAX_WEBHOOKS, after: null });
  return c.html(
    <Page
      title="Webhooks"
      company={company}
      session={session}
      section="webhooks"
      lead="Tell your own systems of every change to people, groups and enrolments, as it happens and in order."
      notice={<DoneNotice done={c.req.query("done")} />}
    >
      <div class="stack">
        <div class="card flush">
          {webhooks.length === 0 ? (
            <Empty icon="send" title="No webhooks yet">
              <p>Add the address of a system that should know when people join, move or leave.</p>
            </Empty>
          ) : (
            <WebhookTable companyId={company.id} webhooks={webhooks} />
          )}
        </div>
        {webhooks.length < MAX_WEBHOOKS ? (
          <NewWebhook companyId={company.id} values={values} errors={errors} isFirst={webhooks.length === 0} />
        ) : (
          <p class="hint">{`A company has at most ${MAX_WEBHOOKS} webhooks. Delete one to add another.`}</p>
        )}
      </div>
    </Page>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

function WebhookTable({ companyId, webhooks }: { companyId: string; webhooks: readonly Webhook[] }) {
  return (
    <table>
      <caption>Webhooks</caption>
      <thead>
        <tr>
          <th scope="col">Address</th>
          <th scope="col">State</th>
          <th scope="col" class="wide">
            Told of
          </th>
          <th scope="col" class="wide">
            Waiting
          </th>
          <th scope="col" class="wide">
            Last delivery
          </th>
        </tr>
      </thead>
      <tbody>
        {webhooks.map((webhook) => (
          <tr>
            <th scope="row">
              <a href={href("webhook", { companyId, webhookId: webhook.id })}>{webhook.url}</a>
              {webhook.failure !== null && <span class="sub">{explainFailure(webhook.failure).title}</span>}
            </th>
            <td>
              <StatePill webhook={webhook} />
            </td>
            <td class="wide">{describeTypes(webhook)}</td>
            <td class="wide">{describeBacklog(webhook)}</td>
            <td class="wide">
              <Moment time={webhook.lastDeliveredAt} none="never" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What a webhook is told of, in words. */
export function describeTypes({ types }: Pick<Webhook, "types">): string {
  return types === null ? "Every change" : countOf(types.length, "kind of change", "kinds of change");
}

/** How far behind the feed a webhook is, in words. */
export function describeBacklog({ behind }: Pick<Webhook, "behind">): string {
  return behind === 0 ? "Nothing" : countOf(behind, "change");
}

/** A webhook's state in a word. */
export function StatePill({ webhook }: { webhook: Webhook }) {
  switch (stateOf(webhook)) {
    case "active":
      return <Pill tone="good">Active</Pill>;
    case "retrying":
      return <Pill tone="warn">Retrying</Pill>;
    case "failing":
      return <Pill tone="bad">Failing</Pill>;
    case "paused":
      return <Pill>Paused</Pill>;
  }
}

interface NewProps {
  companyId: string;
  values: Values;
  errors: Errors;
  isFirst: boolean;
}

function NewWebhook({ companyId, values, errors, isFirst }: NewProps) {
  return (
    <section class="card">
      <details open={isFirst || Object.keys(errors).length > 0}>
        <summary>Add a webhook</summary>
        <form class="stack" method="post" action={href("webhooks", { companyId })}>
          <WebhookFields values={values} errors={errors} />
          <Hidden values={{ id: newId(Date.now()), nonce: newNonce() }} />
          <p>
            <button class="primary" type="submit">
              Add and make its secret
            </button>
          </p>
        </form>
      </details>
    </section>
  );
}
