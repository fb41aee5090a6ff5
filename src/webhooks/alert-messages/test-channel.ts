import { systemClock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import type { Env } from "../../platform/env.ts";
import { type Channel, isReady, recordSending } from "./channel-store.ts";
import { sendMessage } from "./send-message.ts";

/** Sends a test message to a channel now; gives why it could not be sent, or null. */
export async function testChannel(
  env: Env,
  database: Pick<Database, "d1">,
  company: { key: number; name: string },
  channel: Channel,
): Promise<string | null> {
  if (!isReady(channel)) return "This address is not confirmed yet: open the link that was sent to it.";
  const subject = `A test of alerts (${company.name})`;
  const text = `${subject}\n\nThis is how an alert of ${company.name} reaches you. Nothing is wrong.`;
  const ports = { env, fetch: (url: string, init: RequestInit) => fetch(url, init) };
  const failure = await sendMessage(channel, { subject, text }, ports);
  await recordSending(database, company.key, { id: channel.id, failure, now: systemClock() });
  return failure;
}
