import { equalsInConstantTime } from "../platform/constant-time.ts";
import { sha256Hex } from "../platform/random-and-hash.ts";
import { type CredentialParts, parseCredential } from "./credential.ts";
import { type OlderToken, parseOlderToken } from "./token-of-former-form.ts";

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

/** A token as it was sent: its form and its checksum are right, and nothing more is known of it. */
export type ParsedToken = (CredentialParts & { form: "present" }) | (OlderToken & { form: "older" });

/** The parts of a token of either form, or null when its form or its checksum is wrong. */
export function parseToken(text: string): ParsedToken | null {
  const present = parseCredential("token", text);
  if (present !== null) return { ...present, form: "present" };
  const older = parseOlderToken(text);
  return older === null ? null : { ...older, form: "older" };
}

/** Whether a secret is the one whose hash KV keeps. */
export async function secretMatches(secret: string, hash: string): Promise<boolean> {
  return equalsInConstantTime(await sha256Hex(secret), hash);
}
