import { toBase64Url } from "../platform/secrets.ts";

const PREFIX = "whsec_";
const encoder = new TextEncoder();
/** Binds the derived key to this use: SESSION_SECRET also signs the console's sessions. */
const PURPOSE = "rollcall webhook secrets v1";
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
 * A secret as it may lie in the database: AES-256-GCM under a key that HKDF derives from SESSION_SECRET, bound to its
 * webhook. Signing needs the secret itself, so a hash would not do; a dump of D1 without SESSION_SECRET signs nothing.
 */
export async function sealWebhookSecret(sessionSecret: string, webhookId: string, secret: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const key = await deriveKey(sessionSecret);
  const sealed = await crypto.subtle.encrypt(algorithm(iv, webhookId), key, encoder.encode(secret));
  return toBase64Url(new Uint8Array([...iv, ...new Uint8Array(sealed)]));
}

/** The secret in a sealed text, or null when it was sealed under another SESSION_SECRET or for another webhook. */
export async function openWebhookSecret(
  sessionSecret: string,
  webhookId: string,
  sealed: string,
): Promise<string | null> {
  const bytes = fromBase64(sealed.replaceAll("-", "+").replaceAll("_", "/"));
  const key = await deriveKey(sessionSecret);
  try {
    const opened = await crypto.subtle.decrypt(
      algorithm(bytes.slice(0, IV_BYTES), webhookId),
      key,
      bytes.slice(IV_BYTES),
    );
    return new TextDecoder().decode(opened);
  } catch {
    return null; // AES-GCM refuses what does not fit, without saying why.
  }
}

function algorithm(iv: Uint8Array<ArrayBuffer>, webhookId: string) {
  return { name: "AES-GCM", iv, additionalData: encoder.encode(webhookId) };
}

async function deriveKey(sessionSecret: string): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", encoder.encode(sessionSecret), "HKDF", false, ["deriveKey"]);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: encoder.encode(PURPOSE) };
  return crypto.subtle.deriveKey(hkdf, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
