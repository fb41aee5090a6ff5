import type { JsonObject } from "../scim/json.ts";
import { basicPair, JWT_BEARER, KNOWN_PARAMETERS, type TokenRequest } from "./oauth-token-request.ts";

/** What stands for a value that may be a credential, or somebody's. */
export const MASKED = "[redacted]";

/** Values that are no secret and say what was chosen at the identity provider. */
const TOLD: ReadonlySet<string> = new Set([
  ...["client_credentials", "password", "authorization_code", "refresh_token", JWT_BEARER],
  ...["jwt-bearer", "saml2-bearer", "token-exchange", "device_code"].map(
    (grant) => `urn:ietf:params:oauth:grant-type:${grant}`,
  ),
]);

/** What the provisioning log keeps of a token request: which parameters it had, and how it asked, without any credential. */
export function maskTokenRequest({ authorization, body }: TokenRequest): JsonObject {
  const kept: JsonObject = {};
  if (basicPair(authorization) !== null) Object.assign(kept, { client_id: MASKED, client_secret: MASKED });
  for (const [name, value] of new URLSearchParams(body))
    if (KNOWN_PARAMETERS.has(name)) kept[name] = TOLD.has(value.trim()) ? value.trim() : MASKED;
  return kept;
}
