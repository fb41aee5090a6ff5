import { randomHex } from "../platform/random-and-hash.ts";
import { sql } from "../platform/sql.ts";
import { ScimError } from "../scim/scim-error.ts";
import { insertRows } from "../unit/row-statements.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import type { ConfirmableChannel } from "../webhooks/alert-messages/channel-store.ts";
import { addressDigest, LINKS_KEPT, refuseLink } from "../webhooks/alert-messages/confirmation-links.ts";
import { type ChannelAddress, isSameChannel, MOST_CHANNELS } from "../webhooks/alert-messages/message-channel.ts";
import type { ConfigurationOperation, Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";

type Of<K extends ConfigurationOperation["kind"]> = ConfigurationOperation & { kind: K };

const COLUMNS = ["company_key", "id", "kind", "address", "allows_loopback", "origin", "nonce", "created_at"];

/** Gives a company these channels and no others; those that it has stay as they are, and a new e-mail address is asked to confirm. */
export function setChannels({ unit }: OperationContext, { channels, origin }: Of<"setChannels">): Outcome {
  const { companyId, channels: present } = unit.config;
  for (const channel of present.filter((one) => !channels.some((other) => isSameChannel(one, other))))
    dropChannel(unit, channel.id);
  const proposed = channels.filter((one, index) => channels.findIndex((other) => isSameChannel(one, other)) === index);
  insertChannels(
    unit,
    proposed.filter((one) => !present.some((other) => isSameChannel(one, other))),
    origin,
  );
  askForReview(unit);
  return { kind: "done", id: companyId };
}

/** Adds one channel beside those that are there by now; one that is there stays as it is. */
export function addChannel({ unit }: OperationContext, { channel, origin }: Of<"addChannel">): Outcome {
  const { companyId, channels: present } = unit.config;
  if (present.some((other) => isSameChannel(channel, other))) return { kind: "done", id: companyId };
  if (present.length >= MOST_CHANNELS)
    throw new ScimError("too_many_channels", `At most ${MOST_CHANNELS} addresses can be told.`);
  insertChannels(unit, [channel], origin);
  askForReview(unit);
  return { kind: "done", id: companyId };
}

/** Takes one channel away, with the messages that were on their way to it; the others stay. */
export function removeChannel({ unit }: OperationContext, { channelId }: Of<"removeChannel">): Outcome {
  requireChannel(unit, channelId);
  dropChannel(unit, channelId);
  askForReview(unit);
  return { kind: "done", id: channelId };
}

function dropChannel(unit: UnitOfWork, id: string): void {
  const { companyKey } = unit.config;
  unit.execute(sql`DELETE FROM messages WHERE company_key = ${companyKey} AND channel_id = ${id}`);
  unit.execute(sql`DELETE FROM message_channels WHERE company_key = ${companyKey} AND id = ${id}`);
}

function insertChannels(unit: UnitOfWork, channels: readonly ChannelAddress[], origin: string): void {
  const made = channels.map((channel) => ({ ...channel, id: unit.allocateId(), nonce: nonceFor(channel) }));
  const rows = made.map(({ id, kind, address, allowsLoopback, nonce }) => [
    ...[unit.config.companyKey, id, kind, address, allowsLoopback ? 1 : 0, origin, nonce, unit.now],
  ]);
  unit.executeAll(insertRows("message_channels", COLUMNS, rows));
  askToConfirm(
    unit,
    made.filter(({ kind }) => kind === "email"),
  );
}

function nonceFor({ kind }: ChannelAddress): string | null {
  return kind === "email" ? randomHex(16) : null;
}

/** Sends the link that confirms an address once more; the one before is good for nothing then. */
export function askAgain({ unit }: OperationContext, { channelId }: Of<"askAgain">): Outcome {
  const channel = requireChannel(unit, channelId);
  if (channel.kind === "chat" || channel.confirmedAt !== null) return { kind: "done", id: channelId };
  const { companyKey } = unit.config;
  // One that could not be sent yet would come beside it.
  unit.execute(
    sql`DELETE FROM messages WHERE company_key = ${companyKey} AND channel_id = ${channelId} AND confirms = 1`,
  );
  unit.execute(
    sql`UPDATE message_channels SET nonce = ${randomHex(16)} WHERE company_key = ${companyKey} AND id = ${channelId}`,
  );
  askToConfirm(unit, [channel]);
  return { kind: "done", id: channelId };
}

/** Confirms an address by what its link carries, once; refused when the link was used, or the address is gone. */
export function confirmChannel({ unit }: OperationContext, { channelId, nonce }: Of<"confirmChannel">): Outcome {
  const channel = requireChannel(unit, channelId);
  if (channel.nonce !== nonce) throw new ScimError("no_such_channel", "This link no longer works.");
  unit.execute(
    sql`UPDATE message_channels SET confirmed_at = ${unit.now}, nonce = NULL
      WHERE company_key = ${unit.config.companyKey} AND id = ${channelId}`,
  );
  askForReview(unit);
  return { kind: "done", id: channelId };
}

function requireChannel({ config }: UnitOfWork, id: string): ConfirmableChannel {
  const channel = config.channels.find((each) => each.id === id);
  if (channel === undefined) throw new ScimError("no_such_channel", "This address is not there any more.");
  return channel;
}

const MESSAGE = ["company_key", "channel_id", "subject", "text", "confirms", "created_at", "next_attempt_at"];

/** Sends each of these addresses a link, or refuses all where one has had as many as it may. */
function askToConfirm(unit: UnitOfWork, channels: readonly { id: string; address: string }[]): void {
  const { now } = unit;
  const { companyKey, name, askedLinks } = unit.config;
  if (channels.length === 0) return;
  const asked = [...askedLinks];
  for (const { address } of channels) {
    const refusal = refuseLink(asked, address, now);
    if (refusal !== null) throw new ScimError("link_sent", refusal);
    asked.push({ address: addressDigest(address), askedAt: now });
  }
  const subject = `Confirm that alerts of ${name} may come here`;
  const text = [
    `Somebody at ${name} wants Rollcall to send alerts to this address: when provisioning fails or goes silent, when a credential is about to end, when something waits for a decision.`,
    "If that is right, open this address within three days and confirm. It works once.",
    "{origin}/console/confirm/{confirm}",
    "If not, do nothing: no other message will come.",
  ].join("\n\n");
  unit.executeAll(
    insertRows(
      "messages",
      MESSAGE,
      channels.map(({ id }) => [companyKey, id, subject, text, 1, now, now]),
    ),
  );
  forgetLinks(unit);
  const links = asked.slice(askedLinks.length).map(({ address, askedAt }) => [companyKey, address, askedAt]);
  unit.executeAll(insertRows("confirmation_links", ["company_key", "address", "asked_at"], links));
  unit.makesMessages = true;
}

/** Forgets the links that no further one depends on. */
export function forgetLinks(unit: UnitOfWork): void {
  const { config, now } = unit;
  unit.execute(
    sql`DELETE FROM confirmation_links WHERE company_key = ${config.companyKey} AND asked_at <= ${now - LINKS_KEPT}`,
  );
}

/** Has the rules look soon: who is told, and when, has changed. */
export function askForReview(unit: UnitOfWork): void {
  unit.alertsDueAt = unit.now;
  unit.startsTerm = true;
}
