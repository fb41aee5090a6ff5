import * as z from "zod";
import { selectPlannedWork } from "../../alerts/alert-store.ts";
import { QUOTAS } from "../../companies/quotas.ts";
import { publicOrigin } from "../../platform/public-origin.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { type Channel, isReady, selectChannel, selectChannels } from "../../webhooks/alert-messages/channel-store.ts";
import { CHANNEL_KINDS, canEmail, isSameChannel, readChannel } from "../../webhooks/alert-messages/message-channel.ts";
import { testChannel } from "../../webhooks/alert-messages/test-channel.ts";
import { testWebhook } from "../../webhooks/test-webhook.ts";
import { findWebhook, selectWebhooks } from "../../webhooks/webhook-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { attempt, perform } from "../perform-for-page.ts";
import { type Errors, readForm, type Values } from "../read-form.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { DoneNotice } from "../views/done-notice.tsx";
import { Page } from "../views/layout.tsx";
import { Notice } from "../views/pills-notices-pager.tsx";
import { ChannelsCard, NewChannel, WebhooksCard } from "./channel-cards.tsx";
import { WorkForm, WorkNotice } from "./work-form.tsx";

const channelForm = z.object({ kind: z.enum(CHANNEL_KINDS), to: z.string().trim().min(1).max(2000) });

interface State {
  form?: "channel" | "work";
  values?: Values;
  errors?: Errors;
  /** What came of a test message. */
  test?: { to: string; failure: string | null };
}

/** Who is told of alerts, by which ways, and when not. */
export async function showChannels(c: ConsoleContext, state: State = {}) {
  const { company, database, session } = c.var;
  const { form = "channel", values = {}, errors = {}, test } = state;
  const companyId = company.id;
  const { channels, work, webhooks } = await runRead(
    database,
    together({
      channels: selectChannels(company.key),
      work: selectPlannedWork(company.key),
      webhooks: selectWebhooks(company.key, Date.now(), { take: QUOTAS.webhooks.most, after: null }),
    }),
  );
  const filled = (name: State["form"]) =>
    name === form ? { companyId, values, errors } : { companyId, values: {}, errors: {} };
  return c.html(
    <Page
      title="Who is told"
      company={company}
      session={session}
      section="alerts"
      crumbs={[{ label: "Alerts", url: href("alerts", { companyId }) }]}
      lead="One message when an alert opens, one reminder a day while it is open, one for many of a kind."
      notice={
        <>
          <DoneNotice done={c.req.query("done")} />
          {test !== undefined && <TestNotice {...test} />}
          <WorkNotice companyId={companyId} work={work} />
        </>
      }
      narrow
    >
      <div class="stack">
        <ChannelsCard companyId={companyId} channels={channels} />
        <NewChannel {...filled("channel")} canEmail={canEmail(c.env)} />
        <WebhooksCard companyId={companyId} webhooks={webhooks} />
        <WorkForm {...filled("work")} />
      </div>
    </Page>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

function TestNotice({ to, failure }: { to: string; failure: string | null }) {
  return failure === null ? (
    <Notice>{`A test message was sent to ${to}.`}</Notice>
  ) : (
    <Notice tone="bad">{`The test message did not reach ${to}: ${failure}`}</Notice>
  );
}

/** Adds where messages go, beside what is there. */
export async function addChannel(c: ConsoleContext) {
  const form = await readForm(c, channelForm);
  if (!form.ok) return showChannels(c, form);
  const { address, refusal } = readChannel(form.data, c.env, c.req.url);
  if (address === null) return showChannels(c, { values: form.values, errors: { to: refusal } });
  const present = await runRead(c.var.database, selectChannels(c.var.company.key));
  if (present.some((other) => isSameChannel(address, other)))
    return showChannels(c, { values: form.values, errors: { to: "This address is told already." } });
  const origin = publicOrigin(c.env, c.req.url);
  const result = await attempt(c, { kind: "addChannel", channel: address, origin });
  if (!result.ok) return showChannels(c, { values: form.values, errors: { to: result.detail } });
  return back(c, address.kind === "email" ? "channel-asked" : "channel-added");
}

/** Takes one away. */
export async function removeChannel(c: ConsoleContext) {
  const { id } = await requireChannel(c);
  await perform(c, { kind: "removeChannel", channelId: id });
  return back(c, "channel-removed");
}

/** Sends a test message now, and says what came of it. */
export async function sendTest(c: ConsoleContext) {
  const channel = await requireChannel(c);
  const failure = await testChannel(c.env, c.var.database, c.var.company, channel);
  return showChannels(c, { test: { to: channelName(channel), failure } });
}

/** The same by a webhook. */
export async function sendWebhookTest(c: ConsoleContext) {
  const { company, database } = c.var;
  const webhook = await findWebhook(database, company.key, Date.now(), c.req.param("webhookId") ?? "");
  if (webhook === null) throw notHere();
  const failure = await testWebhook(c.env, database, company, webhook.key);
  return showChannels(c, { test: { to: new URL(webhook.url).host, failure } });
}

/** Sends the link that confirms an address once more. */
export async function askAgain(c: ConsoleContext) {
  const channel = await requireChannel(c);
  if (isReady(channel)) return back(c, "channel-added");
  const result = await attempt(c, { kind: "askAgain", channelId: channel.id });
  if (!result.ok) return showChannels(c, { errors: { "": result.detail } });
  return back(c, "channel-asked");
}

async function requireChannel(c: ConsoleContext): Promise<Channel> {
  const id = c.req.param("channelId") ?? "";
  const channel = await runRead(c.var.database, selectChannel(c.var.company.key, id));
  if (channel === null) throw notHere();
  return channel;
}

/** A channel as people know it: of a chat's address the host, since the rest is its secret. */
export function channelName({ kind, address }: Pick<Channel, "kind" | "address">): string {
  return kind === "email" ? address : new URL(address).host;
}

function back(c: ConsoleContext, done: string) {
  return c.redirect(href("channels", { companyId: c.var.company.id }, { done }), 303);
}
