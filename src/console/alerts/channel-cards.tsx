import type { Channel } from "../../webhooks/alert-messages/channel-store.ts";
import type { Webhook } from "../../webhooks/webhook.ts";
import type { Errors, Values } from "../read-form.ts";
import { href } from "../routes.ts";
import { Choice, ErrorSummary, Input } from "../views/form.tsx";
import { type Column, Table } from "../views/list.tsx";
import { Moment } from "../views/moments-and-counts.tsx";
import { Breakable, Empty, Pill } from "../views/pills-notices-pager.tsx";

/** Where messages go, with what came of the latest. */
export function ChannelsCard({ companyId, channels }: { companyId: string; channels: readonly Channel[] }) {
  return (
    <section class="card flush" aria-label="Addresses">
      {channels.length === 0 ? (
        <Empty icon="bell" title="Nobody is told yet">
          <p>Alerts show in this console. Add an address below, so that they find you when you are not here.</p>
        </Empty>
      ) : (
        <Table caption="Addresses that are told" columns={columnsOf(companyId)} rows={channels} />
      )}
    </section>
  );
}

function columnsOf(companyId: string): Column<Channel>[] {
  return [
    {
      head: "Address",
      namesRow: true,
      cell: ({ kind, address, failure }) => (
        <>
          <Breakable name={kind === "email" ? address : new URL(address).host} />
          <span class="sub">{kind === "email" ? "E-mail" : "Chat"}</span>
          {failure !== null && <span class="error">{failure}</span>}
        </>
      ),
    },
    { head: "Status", cell: (channel) => <ChannelPill channel={channel} /> },
    { head: "Last message", look: "wide", cell: ({ lastSentAt }) => <Moment time={lastSentAt} none="none yet" /> },
    {
      head: <span class="hidden">Actions</span>,
      cell: (channel) => <Actions companyId={companyId} channel={channel} />,
    },
  ];
}

function ChannelPill({ channel: { kind, confirmedAt, failure } }: { channel: Channel }) {
  if (kind === "email" && confirmedAt === null) return <Pill tone="warn">Not confirmed</Pill>;
  return failure === null ? <Pill tone="good">Ready</Pill> : <Pill tone="bad">Failing</Pill>;
}

function Actions({ companyId, channel }: { companyId: string; channel: Channel }) {
  const at = { companyId, channelId: channel.id };
  const isOpen = channel.kind === "email" && channel.confirmedAt === null;
  const name = channel.kind === "email" ? channel.address : new URL(channel.address).host;
  return (
    <span class="row">
      <form class="inline" method="post" action={isOpen ? href("askChannelAgain", at) : href("testChannel", at)}>
        <button type="submit" class="plain">
          {isOpen ? "Send the link again" : "Send a test"}
          <span class="hidden">{` to ${name}`}</span>
        </button>
      </form>
      <a class="button plain danger" href={href("removeChannel", at)}>
        Remove
        <span class="hidden">{` ${name}`}</span>
      </a>
    </span>
  );
}

interface NewProps {
  companyId: string;
  values: Values;
  errors: Errors;
  canEmail: boolean;
}

/** The form for a further address. */
export function NewChannel({ companyId, values, errors, canEmail }: NewProps) {
  const isEmail = (values.kind ?? (canEmail ? "email" : "chat")) === "email" && canEmail;
  return (
    <section class="card" aria-labelledby="new-title">
      <h2 id="new-title">Add an address</h2>
      <form class="stack" method="post" action={href("channels", { companyId })}>
        <ErrorSummary errors={errors} />
        <fieldset>
          <legend>How</legend>
          <div class="choices three">
            {canEmail && (
              <Choice
                name="kind"
                value="email"
                title="E-mail"
                hint="A link is sent there first. Messages come once somebody has opened it."
                checked={isEmail}
              />
            )}
            <Choice
              name="kind"
              value="chat"
              title="Chat"
              hint="The address of an incoming webhook of Slack, Teams or another chat that takes a text."
              checked={!isEmail}
            />
          </div>
        </fieldset>
        {!canEmail && <p class="hint">E-mail is not set up here: the operator has to bind it.</p>}
        <Input
          name="to"
          label="Address"
          values={values}
          errors={errors}
          autocomplete="off"
          maxlength={2000}
          placeholder={canEmail ? "it@example.com or https://…" : "https://…"}
        />
        <p>
          <button type="submit" class="primary">
            Add
          </button>
        </p>
      </form>
    </section>
  );
}

/** Whether a webhook is told of alerts. */
function hears({ types, isEnabled }: Webhook): boolean {
  return isEnabled && (types === null || types.includes("alert.opened"));
}

/** The webhooks, which are told of each opening and closing; each can be tried. */
export function WebhooksCard({ companyId, webhooks }: { companyId: string; webhooks: readonly Webhook[] }) {
  const told = webhooks.filter(hears);
  return (
    <section class="card" aria-labelledby="hooks-title">
      <h2 id="hooks-title">Webhooks</h2>
      {told.length === 0 ? (
        <p class="soft">
          A webhook that is told of <code>alert.opened</code> and <code>alert.closed</code> hears of each.{" "}
          <a href={href("webhooks", { companyId })}>Add one</a>
        </p>
      ) : (
        told.map(({ id, url }) => (
          <div class="row between">
            <a href={href("webhook", { companyId, webhookId: id })}>{new URL(url).host}</a>
            <form class="inline" method="post" action={href("testWebhook", { companyId, webhookId: id })}>
              <button type="submit" class="plain">
                Send a test
                <span class="hidden">{` to ${new URL(url).host}`}</span>
              </button>
            </form>
          </div>
        ))
      )}
    </section>
  );
}
