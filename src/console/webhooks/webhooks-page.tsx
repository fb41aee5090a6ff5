import { describeReached, QUOTAS } from "../../companies/quotas.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { newId } from "../../platform/uuid.ts";
import { selectQuotaStates } from "../../settings/quota-store.ts";
import type { Webhook } from "../../webhooks/webhook.ts";
import { selectWebhooks } from "../../webhooks/webhook-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { newNonce } from "../form-nonce.ts";
import type { Errors, Values } from "../read-form.ts";
import { href } from "../routes.ts";
import { DoneNotice } from "../views/done-notice.tsx";
import { Hidden, Submit } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { type Column, Table } from "../views/list.tsx";
import { countOf, Moment } from "../views/moments-and-counts.tsx";
import { Empty, Pill } from "../views/pills-notices-pager.tsx";
import { explainDeliveryFailure, stateOf } from "./explain-webhook.ts";
import { WebhookFields } from "./webhook-form.tsx";

/** The webhooks of a company and how each is doing, and the form for one more. */
export async function showWebhooks(c: ConsoleContext, values: Values = {}, errors: Errors = {}) {
  const { company, database, session } = c.var;
  const now = Date.now();
  const { webhooks, quotas } = await runRead(
    database,
    together({
      webhooks: selectWebhooks(company.key, now, { take: QUOTAS.webhooks.most, after: null }),
      quotas: selectQuotaStates(company.key, now),
    }),
  );
  const reached = quotas.find(({ name, state }) => name === "webhooks" && state === "reached");
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
            <Table caption="Webhooks" columns={columnsOf(company.id)} rows={webhooks} />
          )}
        </div>
        {reached === undefined ? (
          <NewWebhook companyId={company.id} values={values} errors={errors} isFirst={webhooks.length === 0} />
        ) : (
          <p class="hint">{describeReached("webhooks", reached.limit)}</p>
        )}
      </div>
    </Page>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

function columnsOf(companyId: string): Column<Webhook>[] {
  return [
    {
      head: "Address",
      namesRow: true,
      cell: ({ id, url, failure }) => (
        <>
          <a href={href("webhook", { companyId, webhookId: id })}>{url}</a>
          {failure !== null && <span class="sub">{explainDeliveryFailure(failure).title}</span>}
        </>
      ),
    },
    { head: "State", cell: (webhook) => <StatePill webhook={webhook} /> },
    { head: "Told of", look: "wide", cell: describeTypes },
    { head: "Waiting", look: "wide", cell: describeBacklog },
    { head: "Last delivery", look: "wide", cell: (webhook) => <Moment time={webhook.lastDeliveredAt} none="never" /> },
  ];
}

/** What a webhook is told of, in words. */
export function describeTypes({ types }: Pick<Webhook, "types">): string {
  return types === null ? "Every change" : countOf(types.length, "kind of change", "kinds of change");
}

/** How many changes a webhook waits for that it is told of, in words. */
export function describeBacklog({ waiting: { count, isLeast } }: Pick<Webhook, "waiting">): string {
  if (isLeast) return `at least ${countOf(count, "change")}`;
  return count === 0 ? "Nothing" : countOf(count, "change");
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
          <Submit label="Add and make its secret" />
        </form>
      </details>
    </section>
  );
}
