import { equalsInConstantTime, sha256Hex } from "../platform/secrets.ts";
import { type Refusal, refusal } from "../scim/errors.ts";
import { type CredentialParts, parseCredential } from "./credential.ts";
import { type OlderToken, parseOlderToken } from "./older-token.ts";
import type { SettingStatus } from "./setting.ts";
import type { CredentialRowKind } from "./tables.ts";

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

/** What D1 says of a credential at the moment of a request. */
export interface TokenLiveness {
  kind: CredentialRowKind;
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

/** What is dead of an access token by the kind of its credential, and how to go on. */
const DEAD = {
  secret: {
    revoked: "The client secret that this access token was given for was deleted, or its client was.",
    ended: "The client secret that this access token was given for has ended.",
    way: "Put another secret of the SCIM setting into the IdP.",
  },
  trust: {
    revoked: "The trust by which this access token was given was deleted.",
    ended: "The trust by which this access token was given has ended.",
    way: "Set up the federation anew in the SCIM setting.",
  },
  token: {
    revoked: "This token was revoked.",
    ended: "This token has expired.",
    way: "Make a new one in the SCIM setting and paste it into the IdP.",
  },
} as const satisfies Record<CredentialRowKind, Record<"revoked" | "ended" | "way", string>>;

/** Why a credential may not be used at `now` (ms), or null when it may. */
export function judgeLiveness(liveness: TokenLiveness | null, now: number): Refusal | null {
  if (liveness === null || liveness.settingStatus === "deleted")
    return refusal(
      "unknown_token",
      "This token is not known. Copy a token of the SCIM setting again, or make a new one.",
    );
  const { revoked, ended, way } = DEAD[liveness.kind];
  if (liveness.revokedAt !== null) return refusal("token_revoked", `${revoked} ${way}`);
  if (liveness.expiresAt !== null && liveness.expiresAt <= now) return refusal("token_expired", `${ended} ${way}`);
  if (liveness.settingStatus === "paused")
    return refusal(
      "setting_paused",
      "This SCIM setting is paused: nothing was changed. Resume it in the console to go on.",
    );
  return null;
}
