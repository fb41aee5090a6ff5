import { equalsInConstantTime, hmacHex, sha256Hex } from "../platform/secrets.ts";
import { type Refusal, refusal } from "../scim/errors.ts";
import type { SettingStatus } from "./setting.ts";

/** A freshly made token: `text` is what the admin copies and is kept nowhere; `hash` goes to KV. */
export interface MintedToken {
  id: string;
  text: string;
  hash: string;
  lastFour: string;
}

/** The parts of a well-formed token. */
export interface TokenParts {
  id: string;
  secret: string;
  /** What only this deployment can have computed of the rest. */
  seal: string;
}

/** What KV keeps of a token: the hash of its secret, and where its requests go. */
export interface TokenRouting {
  hash: string;
  companyId: string;
  companyKey: number;
  shard: string;
  settingId: string;
  settingKey: number;
  expiresAt: number | null;
}

/** What D1 says of a token at the moment of a request. */
export interface TokenLiveness {
  expiresAt: number | null;
  revokedAt: number | null;
  settingStatus: SettingStatus;
}

const FORM = /^rcl_([0-9a-f]{24})_([0-9a-f]{64})_([0-9a-f]{8})([0-9a-f]{32})$/;

/**
 * Makes a token of 256 random bits of secret. Its checksum ends it: a CRC, by which a mistyped token is refused without a
 * look-up and a scanner knows a leaked one, and a seal made with the deployment's own secret, by which a token that KV
 * does not show yet is told from a made-up one.
 */
export async function mintToken(sealingKey: string): Promise<MintedToken> {
  return composeToken(randomHex(12), randomHex(32), sealingKey);
}

/** The token of an id (24 hex digits) and a secret (64); the same parts make the same token. */
export async function composeToken(id: string, secret: string, sealingKey: string): Promise<MintedToken> {
  const body = `rcl_${id}_${secret}`;
  const text = `${body}_${checksum(body)}${await sealOf(body, sealingKey)}`;
  return { id, text, hash: await sha256Hex(secret), lastFour: text.slice(-4) };
}

/** The parts of a token, or null when its form or checksum is wrong. */
export function parseToken(text: string): TokenParts | null {
  const match = FORM.exec(text);
  if (match === null) return null;
  const [, id = "", secret = "", sum = "", seal = ""] = match;
  return checksum(`rcl_${id}_${secret}`) === sum ? { id, secret, seal } : null;
}

/** Whether this deployment minted the token; false for all tokens older than the present SESSION_SECRET. */
export async function isSealed({ id, secret, seal }: TokenParts, sealingKey: string): Promise<boolean> {
  return equalsInConstantTime(await sealOf(`rcl_${id}_${secret}`, sealingKey), seal);
}

async function sealOf(body: string, sealingKey: string): Promise<string> {
  return (await hmacHex(sealingKey, `token ${body}`)).slice(0, 32);
}

/** Whether a secret is the one whose hash KV keeps. */
export async function secretMatches(secret: string, hash: string): Promise<boolean> {
  return equalsInConstantTime(await sha256Hex(secret), hash);
}

/** Why a token may not be used at `now` (ms), or null when it may. */
export function judgeLiveness(liveness: TokenLiveness | null, now: number): Refusal | null {
  if (liveness === null || liveness.settingStatus === "deleted")
    return refusal(
      "unknown_token",
      "This token is not known. Copy a token of the SCIM setting again, or make a new one.",
    );
  if (liveness.revokedAt !== null)
    return refusal(
      "token_revoked",
      "This token was revoked. Make a new one in the SCIM setting and paste it into the IdP.",
    );
  if (liveness.expiresAt !== null && liveness.expiresAt <= now)
    return refusal(
      "token_expired",
      "This token has expired. Make a new one in the SCIM setting and paste it into the IdP.",
    );
  if (liveness.settingStatus === "paused")
    return refusal(
      "setting_paused",
      "This SCIM setting is paused: nothing was changed. Resume it in the console to go on.",
    );
  return null;
}

function randomHex(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}

/** The CRC-32 of each byte. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});

/** CRC-32 (ISO 3309) of an ASCII text, as eight hex digits. */
function checksum(text: string): string {
  let crc = 0xffffffff;
  for (let index = 0; index < text.length; index += 1)
    crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ text.charCodeAt(index)) & 0xff] ?? 0);
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
}
