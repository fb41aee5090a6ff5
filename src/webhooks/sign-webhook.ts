import { decodeWebhookSecret } from "./webhook-secret.ts";

const encoder = new TextEncoder();

/** A message to sign; `timestamp` is in seconds since 1970. */
interface WebhookMessage {
  id: string;
  timestamp: number;
  body: string;
}

/**
 * The headers of a signed message (Standard Webhooks, "Webhook Headers"): one `v1` signature for each live secret, so
 * that a receiver verifies with the old or the new one while a rotation overlaps.
 */
export async function signWebhook(
  message: WebhookMessage,
  secrets: readonly string[],
): Promise<Record<string, string>> {
  const signatures = await Promise.all(secrets.map((secret) => sign(message, secret)));
  return {
    "webhook-id": message.id,
    "webhook-timestamp": String(message.timestamp),
    "webhook-signature": signatures.map((signature) => `v1,${signature}`).join(" "),
  };
}

async function sign({ id, timestamp, body }: WebhookMessage, secret: string): Promise<string> {
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", decodeWebhookSecret(secret), hmac, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", key, encoder.encode(`${id}.${timestamp}.${body}`));
  return btoa(String.fromCharCode(...new Uint8Array(signature)));
}
