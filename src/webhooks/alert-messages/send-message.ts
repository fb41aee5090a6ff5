import type { Env } from "../../platform/env.ts";
import { redactCredentials } from "../../platform/redact-credentials.ts";
import { failureOf } from "../delivery-failure.ts";
import { SEND_TIMEOUT } from "../send-webhook.ts";
import { judgeWebhookUrl } from "../webhook-url.ts";
import type { ChannelAddress } from "./message-channel.ts";

/** What sending a message needs from outside; `timeout` is that of webhooks but in tests. */
export interface MessagePorts {
  fetch(url: string, init: RequestInit): Promise<Response>;
  env: Pick<Env, "EMAIL" | "ALERT_FROM" | "PRINT_EMAIL">;
  timeout?: number;
}

/** A message to people. */
interface Message {
  subject: string;
  text: string;
}

/** Sends a message; gives why it could not be sent, or null. Every way to fail is a result, never an exception. */
export async function sendMessage(to: ChannelAddress, message: Message, ports: MessagePorts): Promise<string | null> {
  try {
    const failure = to.kind === "chat" ? await sendChat(to, message, ports) : await sendEmail(to, message, ports);
    return failure === null ? null : redactCredentials(failure);
  } catch (error) {
    return redactCredentials(`Not sent: ${error instanceof Error ? error.message : String(error)}`).slice(0, 500);
  }
}

/** Breaks a word, and is not seen. */
const JOINER = "\u2060";

/**
 * A text in which names mention nobody and lead nowhere: chats read markup in it, each another one, and a mention of everybody
 * wakes everybody. Slack and Google Chat mark both by angle brackets, others mentions by `@` and links by `[…](…)`.
 */
function withoutMarkup(text: string): string {
  return text.replaceAll("<", "‹").replaceAll(">", "›").replaceAll("@", `@${JOINER}`).replaceAll("](", `]${JOINER}(`);
}

/** `{"text": …}` is what Slack and Teams take. The rules of webhooks hold: no private address, no redirect, a time limit. */
async function sendChat(to: ChannelAddress, { text }: Message, ports: MessagePorts): Promise<string | null> {
  const refusal = judgeWebhookUrl(to.address, to.allowsLoopback);
  if (refusal !== null) return refusal;
  const response = await ports.fetch(to.address, {
    method: "POST",
    headers: { "Content-Type": "application/json; charset=utf-8", "User-Agent": "Rollcall-Alerts/1" },
    body: JSON.stringify({ text: withoutMarkup(text) }),
    redirect: "manual",
    signal: AbortSignal.timeout(ports.timeout ?? SEND_TIMEOUT),
  });
  response.body?.cancel().catch(() => undefined);
  return failureOf(response.status)?.detail ?? null;
}

async function sendEmail({ address }: ChannelAddress, message: Message, { env }: MessagePorts): Promise<string | null> {
  const { EMAIL, ALERT_FROM = "", PRINT_EMAIL } = env;
  // One line, and no half of a character at its end.
  const subject = Array.from(message.subject.replace(/[\s\p{Cc}]+/gu, " "))
    .slice(0, 200)
    .join("");
  if (EMAIL !== undefined && ALERT_FROM !== "") {
    await EMAIL.send({ from: { email: ALERT_FROM, name: "Rollcall" }, to: address, subject, text: message.text });
    return null;
  }
  if (PRINT_EMAIL !== "on") return "E-mail is not set up here any more.";
  console.log(`e-mail to ${address}\nSubject: ${subject}\n\n${message.text}\n`);
  return null;
}
