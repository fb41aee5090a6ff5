import { acceptedKeys, presentKey, type SessionSecrets } from "../platform/derived-keys.ts";
import { toBase64Url } from "../platform/random-and-hash.ts";

const PREFIX = "whsec_";
const encoder = new TextEncoder();
const IV_BYTES = 12;

/** A signing secret as Standard Webhooks writes it: `whsec_` and 32 bytes, random unless given, in base64. */
export function mintWebhookSecret(bytes = crypto.getRandomValues(new Uint8Array(32))): string {
  return PREFIX + btoa(String.fromCharCode(...bytes));
}

/** The key bytes of a secret's text. */
export function decodeWebhookSecret(secret: string): Uint8Array<ArrayBuffer> {
  return fromBase64(secret.slice(PREFIX.length));
}

/**
 * A secret as it may lie in the database: AES-256-GCM under a key derived from SESSION_SECRET, bound to its webhook. Signing
 * needs the secret itself, so a hash would not do; a dump of D1 without SESSION_SECRET signs nothing.
 */
export async function sealWebhookSecret(secrets: SessionSecrets, webhookId: string, secret: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const { key } = await presentKey(secrets, "webhook secrets");
  const sealed = await crypto.subtle.encrypt(algorithm(iv, webhookId), key, encoder.encode(secret));
  return toBase64Url(new Uint8Array([...iv, ...new Uint8Array(sealed)]));
}

/** The secret in a sealed text, or null when neither SESSION_SECRET nor the previous one sealed it, or not for this webhook. */
export async function openWebhookSecret(
  secrets: SessionSecrets,
  webhookId: string,
  sealed: string,
): Promise<string | null> {
  const bytes = fromBase64(sealed.replaceAll("-", "+").replaceAll("_", "/"));
  for (const { key } of await acceptedKeys(secrets, "webhook secrets")) {
    const opened = await tryToOpen(key, webhookId, bytes);
    if (opened !== null) return opened;
  }
  return null;
}

async function tryToOpen(key: CryptoKey, webhookId: string, bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const how = algorithm(bytes.slice(0, IV_BYTES), webhookId);
  try {
    return new TextDecoder().decode(await crypto.subtle.decrypt(how, key, bytes.slice(IV_BYTES)));
  } catch {
    return null; // AES-GCM refuses what does not fit, without saying why.
  }
}

function algorithm(iv: Uint8Array<ArrayBuffer>, webhookId: string) {
  return { name: "AES-GCM", iv, additionalData: encoder.encode(webhookId) };
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
