import { type Refusal, refusal } from "../scim/errors.ts";
import type { SettingStatus } from "./setting.ts";

/** What D1 says of a token at the moment of a request. */
export interface TokenLiveness {
  expiresAt: number | null;
  revokedAt: number | null;
  settingStatus: SettingStatus;
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
