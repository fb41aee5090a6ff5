import type { SessionSecrets } from "../platform/derived-keys.ts";
import { randomHex, sha256Hex } from "../platform/random-and-hash.ts";
import { isSealed, readSealedText, type SealedText, sealText } from "../platform/sealed-text.ts";

/** The kinds of secret that a setting gives out: `<prefix>_<id>_<secret>_<seal><checksum>`. */
const KINDS = {
  token: { prefix: "rcl", purpose: "token seals", form: /^rcl_([0-9a-f]{24})_([0-9a-f]{64})$/ },
  clientSecret: { prefix: "rcs", purpose: "client secret seals", form: /^rcs_([0-9a-f]{24})_([0-9a-f]{64})$/ },
} as const;
type CredentialKind = keyof typeof KINDS;

/** A freshly made credential: `text` is what the admin copies and is kept nowhere; `hash` goes to KV. */
export interface MintedCredential {
  id: string;
  text: string;
  hash: string;
  lastFour: string;
}

/** The parts of a credential whose form and checksum are right: anybody can have made it. */
export interface CredentialParts {
  id: string;
  secret: string;
  sealed: SealedText;
}

/** Makes a credential of 256 random bits of secret, under a random id (24 hex digits). */
export function mintCredential(kind: CredentialKind, secrets: SessionSecrets): Promise<MintedCredential> {
  return composeCredential(kind, secrets, randomHex(12), randomHex(32));
}

/** The credential of an id (24 hex digits) and a secret (64); under one SESSION_SECRET the same parts make the same one. */
export async function composeCredential(
  kind: CredentialKind,
  secrets: SessionSecrets,
  id: string,
  secret: string,
): Promise<MintedCredential> {
  const { prefix, purpose } = KINDS[kind];
  const text = await sealText(secrets, purpose, `${prefix}_${id}_${secret}`);
  return { id, text, hash: await sha256Hex(secret), lastFour: text.slice(-4) };
}

/** The parts of a credential, or null when its form or its checksum is wrong: nobody need be asked about it. */
export function parseCredential(kind: CredentialKind, text: string): CredentialParts | null {
  const sealed = readSealedText(text);
  const match = sealed === null ? null : KINDS[kind].form.exec(sealed.body);
  if (sealed === null || match === null) return null;
  const [, id = "", secret = ""] = match;
  return { id, secret, sealed };
}

/** Whether this deployment made the credential; false as well once SESSION_SECRET has been rotated twice. */
export function isGenuine(
  kind: CredentialKind,
  secrets: SessionSecrets,
  { sealed }: CredentialParts,
): Promise<boolean> {
  return isSealed(secrets, KINDS[kind].purpose, sealed);
}
