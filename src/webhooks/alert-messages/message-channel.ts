import type { Env } from "../../platform/env.ts";
import { readWebhookAddress } from "../webhook-url.ts";

/** Ways to people besides the console and the webhooks. */
export const CHANNEL_KINDS = ["email", "chat"] as const;
type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** How many channels a company may have. */
export const MOST_CHANNELS = 20;

/** Where messages are to go, as somebody asks for it. */
interface WantedChannel {
  kind: ChannelKind;
  to: string;
}

/** Where messages go, read and allowed. */
export interface ChannelAddress {
  kind: ChannelKind;
  address: string;
  allowsLoopback: boolean;
}

/** Whether two are one and the same: mail servers tell addresses by no case. */
export function isSameChannel(
  one: Pick<ChannelAddress, "kind" | "address">,
  other: Pick<ChannelAddress, "kind" | "address">,
): boolean {
  const read = ({ kind, address }: typeof one) => (kind === "email" ? address.toLowerCase() : address);
  return one.kind === other.kind && read(one) === read(other);
}

/** An address as SMTP takes it without quotes (RFC 5321 section 4.1.2), with a domain that has a dot. */
const EMAIL = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$/;

/** Whether e-mail can be sent: by a binding, or, for development, printed to the Worker's log. */
export function canEmail(env: Pick<Env, "EMAIL" | "ALERT_FROM" | "PRINT_EMAIL">): boolean {
  return (env.EMAIL !== undefined && (env.ALERT_FROM ?? "") !== "") || env.PRINT_EMAIL === "on";
}

/** The address that a wanted channel gives, or why it is none. `ownUrl` is how this Worker was reached, as for webhooks. */
export function readChannel(
  { kind, to }: WantedChannel,
  env: Env,
  ownUrl: string,
): { address: ChannelAddress; refusal: null } | { address: null; refusal: string } {
  const text = to.trim();
  if (kind === "chat") {
    const { address, refusal } = readWebhookAddress(text, ownUrl);
    if (address === null) return { address, refusal };
    return { address: { kind, address: address.url, allowsLoopback: address.allowsLoopback }, refusal };
  }
  if (!canEmail(env))
    return { address: null, refusal: "E-mail is not set up here: the operator has to bind it (see alerts.md)." };
  if (text.length > 254 || !EMAIL.test(text)) return { address: null, refusal: "Give one e-mail address." };
  return { address: { kind, address: text, allowsLoopback: false }, refusal: null };
}
