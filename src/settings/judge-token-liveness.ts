import { type Refusal, refusal } from "../scim/scim-error.ts";
import type { SettingStatus } from "./setting.ts";
import type { CredentialRowKind } from "./tables.ts";

/** What D1 says of a credential at the moment of a request. */
export interface TokenLiveness {
  kind: CredentialRowKind;
  expiresAt: number | null;
  revokedAt: number | null;
  settingStatus: SettingStatus;
}

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
