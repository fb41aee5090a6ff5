import type { Env } from "./env.ts";
import { toHex } from "./random-and-hash.ts";
import { isStrongSecret } from "./secret-strength.ts";

/** The secret that keys are derived from, and the one before it while a rotation lasts. */
export type SessionSecrets = Pick<Env, "SESSION_SECRET" | "SESSION_SECRET_PREVIOUS">;

/** What a key is for, and how it is used: no key serves two purposes. */
const PURPOSES = {
  "token seals": { name: "HMAC", hash: "SHA-256", length: 256 },
  "client secret seals": { name: "HMAC", hash: "SHA-256", length: 256 },
  "access token seals": { name: "HMAC", hash: "SHA-256", length: 256 },
  "console sessions": { name: "HMAC", hash: "SHA-256", length: 256 },
  "console forms": { name: "HMAC", hash: "SHA-256", length: 256 },
  "channel confirmations": { name: "HMAC", hash: "SHA-256", length: 256 },
  "names of refused writes": { name: "HMAC", hash: "SHA-256", length: 256 },
  "webhook secrets": { name: "AES-GCM", length: 256 },
} as const;
export type KeyPurpose = keyof typeof PURPOSES;

/** A key of one purpose. */
interface DerivedKey {
  /** Names the secret it comes from, in 16 hex digits that tell nothing of it. */
  id: string;
  key: CryptoKey;
  /** Its secret is long enough that nobody can guess it from what was made with it. */
  isStrong: boolean;
}

const encoder = new TextEncoder();

/** The key that makes what is new, derived from SESSION_SECRET by HKDF (RFC 5869); throws while that is not set. */
export async function presentKey(secrets: SessionSecrets, purpose: KeyPurpose): Promise<DerivedKey> {
  const { SESSION_SECRET: secret = "" } = secrets;
  if (secret === "") throw new Error("SESSION_SECRET is not set");
  return recall(secret, purpose);
}

/** The keys that what is kept may have been made with: the present one first, then that of SESSION_SECRET_PREVIOUS. */
export function acceptedKeys(secrets: SessionSecrets, purpose: KeyPurpose): Promise<DerivedKey[]> {
  const texts = new Set([secrets.SESSION_SECRET ?? "", secrets.SESSION_SECRET_PREVIOUS ?? ""]);
  texts.delete("");
  return Promise.all([...texts].map((secret) => recall(secret, purpose)));
}

/** Names a secret in what is kept and shown: 16 hex digits, the same for the same secret, that tell nothing of a strong one. */
export async function keyIdOf(secret: string): Promise<string> {
  return toHex(await crypto.subtle.deriveBits(hkdf("key id"), await material(secret), 64));
}

/** Deriving a key for each request would cost as much as a look-up. */
const derived = new Map<string, Promise<DerivedKey>>();
const MOST_DERIVED = 64;

function recall(secret: string, purpose: KeyPurpose): Promise<DerivedKey> {
  const name = `${purpose} ${secret}`;
  const known = derived.get(name);
  if (known !== undefined) return known;
  if (derived.size >= MOST_DERIVED) derived.clear();
  const made = derive(secret, purpose);
  derived.set(name, made);
  return made;
}

async function derive(secret: string, purpose: KeyPurpose): Promise<DerivedKey> {
  const kind = PURPOSES[purpose];
  const uses = kind.name === "HMAC" ? ["sign"] : ["encrypt", "decrypt"];
  const key = await crypto.subtle.deriveKey(hkdf(purpose), await material(secret), kind, false, uses);
  return { id: await keyIdOf(secret), key, isStrong: isStrongSecret(secret) };
}

function hkdf(purpose: KeyPurpose | "key id") {
  return { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: encoder.encode(`rollcall ${purpose} v1`) };
}

function material(secret: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, ["deriveKey", "deriveBits"]);
}
