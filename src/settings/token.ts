import { equalsInConstantTime } from "../platform/constant-time.ts";
import { sha256Hex } from "../platform/random-and-hash.ts";
import { type Refusal, refusal } from "../scim/errors.ts";
import { type CredentialParts, parseCredential } from "./credential.ts";
import { type OlderToken, parseOlderToken } from "./older-token.ts";
import type { SettingStatus } from "./setting.ts";

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
