import * as z from "zod";
import { readKey } from "../../platform/list-position.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import type { Failure } from "../../webhooks/delivery-failure.ts";
import type { Webhook } from "../../webhooks/webhook.ts";
import {
  findWebhook,
  listDeliveries,
  selectDeliveries,
  selectWebhook,
  webhookKeyOf,
} from "../../webhooks/webhook-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { newNonce, SHOWN_AGAIN } from "../form-nonce.ts";
import { isFirstPage, readEdges, toPageBothWays } from "../list-page.ts";
import type { Errors, Values } from "../read-form.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { readShownOnce } from "../show-secret-once.ts";
import { DoneNotice } from "../views/done-notice.tsx";
import { Hidden, Select } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { formatCount, Moment } from "../views/moments-and-counts.tsx";
import { Copyable } from "../views/pills-notices-pager.tsx";
import { Deliveries } from "./delivery-table.tsx";
import { secretOfForm } from "./form-webhook-secret.ts";
import { toValues, WebhookFields } from "./webhook-form.tsx";
import { Trouble } from "./webhook-trouble.tsx";
import { describeBacklog, describeTypes, StatePill } from "./webhooks-page.tsx";

/** The company's webhook of the path, or 404. */
export async function requireWebhook(c: ConsoleContext): Promise<Webhook> {
  const id = c.req.param("webhookId") ?? "";
  const webhook = await findWebhook(c.var.database, c.var.company.key, Date.now(), id);
  if (webhook === null) throw notHere();
  return webhook;
}

const SHOWN_DELIVERIES = 20;
const STATUS = z.enum(["delivered", "retrying", "failed"]).nullable().catch(null);

interface State {
  /** What was sent that cannot be so. */
  values?: Values;
  errors?: Errors;
  /** Why it could not go on from where it stopped. */
  refusal?: Failure;
}

/** One webhook: how it is doing, what to do about it, and what came of its deliveries. */
export async function showWebhook(c: ConsoleContext, webhookId: string, state: State = {}) {
  const { company, session } = c.var;
  const at = { companyId: company.id, webhookId };
  const { webhook, status, page, isFirst } = await readWebhook(c, webhookId);
  const { values = toValues(webhook), errors = {}, refusal = null } = state;
  const secret = await readFreshSecret(c, webhook);
  return c.html(
    <Page
      title={new URL(webhook.url).host}
      company={company}
      session={session}
      section="webhooks"
      crumbs={[{ label: "Webhooks", url: href("webhooks", { companyId: company.id }) }]}
      lead={<Lead webhook={webhook} />}
      aside={<Switch at={at} webhook={webhook} />}
      notice={<DoneNotice done={c.req.query("done")} />}
    >
      <div class="stack">
        {secret !== null && <SecretCard secret={secret} />}
        <Trouble at={at} webhook={webhook} refusal={refusal} />
        <div class="columns">
          <Deliveries at={at} isEnabled={webhook.isEnabled} page={page} isFirst={isFirst} status={status} />
          <div class="stack">
            <Facts webhook={webhook} />
            <Secrets at={at} />
            <Change at={at} values={values} errors={errors} />
            <Ending at={at} />
          </div>
        </div>
      </div>
    </Page>,
    refusal !== null ? 409 : Object.keys(errors).length > 0 ? 422 : 200,
  );
}

/** Reads a webhook, or 404, with the page of its deliveries that the query asks for. */
async function readWebhook(c: ConsoleContext, webhookId: string) {
  const { company, database } = c.var;
  const status = STATUS.parse(c.req.query("status") ?? null);
  const url = href("webhook", { companyId: company.id, webhookId }, { status });
  const edges = readEdges(c, url, readKey);
  const place = { take: SHOWN_DELIVERIES + 1, before: edges.after, since: edges.before };
  const { webhook, latest } = await runRead(
    database,
    together({
      webhook: selectWebhook(company.key, Date.now(), webhookId),
      latest: selectDeliveries(webhookKeyOf(company.key, webhookId), place),
    }),
  );
  if (webhook === null) throw notHere();
  const deliveries =
    status === null ? latest : await listDeliveries(database, webhook.key, { ...place, status }, searchOf(c));
  const page = toPageBothWays(url, deliveries, edges, ({ seq }) => seq, SHOWN_DELIVERIES);
  return { webhook, status, page, isFirst: isFirstPage(page, edges) };
}

/** The secret that the form before this page made, if it may still be shown; asked a second time, none. */
async function readFreshSecret(c: ConsoleContext, { id, secrets }: Webhook): Promise<string | null> {
  const shown = readShownOnce(c, ["webhook"]);
  const isYoung = Date.now() - (secrets[0]?.createdAt ?? 0) <= SHOWN_AGAIN;
  return shown === null || shown.of !== id || !isYoung ? null : (await secretOfForm(c, id, shown.nonce)).text;
}

interface At {
  companyId: string;
  webhookId: string;
}

function Lead({ webhook }: { webhook: Webhook }) {
  return (
    <>
      <code>{webhook.url}</code> <StatePill webhook={webhook} />
    </>
  );
}

function Switch({ at, webhook }: { at: At; webhook: Webhook }) {
  return (
    <form method="post" action={href(webhook.isEnabled ? "pauseWebhook" : "resumeWebhook", at)}>
      <button type="submit" class={webhook.isEnabled ? undefined : "primary"}>
        {webhook.isEnabled ? "Pause" : "Resume"}
      </button>
    </form>
  );
}

function SecretCard({ secret }: { secret: string }) {
  return (
    <section class="token stack tight" aria-label="Signing secret">
      <h2>Signing secret</h2>
      <p>
        Copy it to the receiver now: it is shown only this once. With it the receiver checks that a delivery is ours.
      </p>
      <Copyable id="webhook-secret" text={secret} label="signing secret" />
    </section>
  );
}

function Facts({ webhook }: { webhook: Webhook }) {
  return (
    <section class="card" aria-labelledby="facts-title">
      <h2 id="facts-title">Progress</h2>
      <dl class="facts">
        <dt>Told of</dt>
        <dd>{describeTypes(webhook)}</dd>
        <dt>Waiting to be sent</dt>
        <dd>{describeBacklog(webhook)}</dd>
        <dt>Place in the feed</dt>
        <dd>{formatCount(webhook.cursor)}</dd>
        <dt>Last delivery</dt>
        <dd>
          <Moment time={webhook.lastDeliveredAt} none="never" />
        </dd>
        <dt>Added</dt>
        <dd>
          <Moment time={webhook.createdAt} exact />
        </dd>
        {webhook.secrets.map(({ createdAt, expiresAt }) => (
          <>
            <dt>{expiresAt === null ? "Secret since" : "Earlier secret until"}</dt>
            <dd>
              <Moment time={expiresAt ?? createdAt} exact />
            </dd>
          </>
        ))}
      </dl>
    </section>
  );
}

function Secrets({ at }: { at: At }) {
  const hours = [
    { value: "24", label: "24 hours" },
    { value: "1", label: "1 hour" },
    { value: "168", label: "7 days" },
    { value: "0", label: "Not at all: it leaked" },
  ];
  return (
    <form class="card stack" method="post" action={href("rotateWebhookSecret", at)}>
      <h2>Rotate the secret</h2>
      <p class="hint">Deliveries are signed with both while the one before is still good, so that none is refused.</p>
      <Select name="overlap" label="The one before stays good for" values={{}} options={hours} />
      <Hidden values={{ nonce: newNonce() }} />
      <p>
        <button type="submit">Make a new secret</button>
      </p>
    </form>
  );
}

function Change({ at, values, errors }: { at: At; values: Values; errors: Errors }) {
  return (
    <section class="card">
      <details open={Object.keys(errors).length > 0}>
        <summary>Change the address or what it is told of</summary>
        <form class="stack" method="post" action={href("webhook", at)}>
          <WebhookFields values={values} errors={errors} />
          <p>
            <button type="submit">Save</button>
          </p>
        </form>
      </details>
    </section>
  );
}

function Ending({ at }: { at: At }) {
  return (
    <section class="card stack tight" aria-labelledby="ending-title">
      <h2 id="ending-title">Delete</h2>
      <p class="soft">Nothing more is sent there, and what came of its deliveries is forgotten.</p>
      <p>
        <a class="button danger" href={href("deleteWebhook", at)}>
          Delete this webhook…
        </a>
      </p>
    </section>
  );
}
