import type { Clock } from "../../platform/clock.ts";
import type { SessionSecrets } from "../../platform/derived-keys.ts";
import { CONFIRMATION_LIFE, sealConfirmation } from "./confirmation-links.ts";
import type { OutgoingMessage } from "./message-store.ts";
import { type MessagePorts, sendMessage } from "./send-message.ts";

/** What delivering messages needs from outside. */
export interface DeliveryHome {
  companyId: string;
  secrets: SessionSecrets;
  clock: Clock;
  ports: MessagePorts;
  find(now: number): Promise<{ due: OutgoingMessage[]; nextAt: number | null }>;
  record(message: OutgoingMessage, attempt: { failure: string | null; now: number }): Promise<void>;
}

/** Rounds that one run makes: what is left is for the next. */
const MOST_ROUNDS = 5;

/**
 * Sends what is due, one message at a time; gives when there is something to do again (ms), or null. A message is gone only
 * once it is known to be sent: after a crash it may be sent again, and none is left out.
 */
export async function deliverMessages(home: DeliveryHome): Promise<number | null> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const { due, nextAt } = await home.find(home.clock());
    if (due.length === 0) return nextAt;
    for (const message of due) await deliverOne(home, message);
  }
  return home.clock();
}

async function deliverOne(home: DeliveryHome, message: OutgoingMessage): Promise<void> {
  const { channel, confirms } = message;
  // An address that was confirmed meanwhile needs no link any more.
  const isIdle = confirms && channel.nonce === null;
  const failure = isIdle ? null : await sendMessage(channel, await fill(home, message), home.ports);
  await home.record(message, { failure, now: home.clock() });
}

async function fill({ companyId, secrets, clock }: DeliveryHome, { channel, subject, text }: OutgoingMessage) {
  const { id: channelId, nonce, origin } = channel;
  const about = { companyId, channelId, nonce: nonce ?? "", expiresAt: clock() + CONFIRMATION_LIFE };
  const link = nonce === null ? "" : await sealConfirmation(secrets, about);
  return { subject, text: text.replaceAll("{confirm}", link).replaceAll("{origin}", origin) };
}
