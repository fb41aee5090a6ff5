import { pathOf } from "../platform/request-url.ts";
import type { JsonObject } from "../scim/json.ts";
import { oauthErrorBody } from "../scim/oauth-error-response.ts";
import type { Refusal } from "../scim/scim-error.ts";
import { REDACTED } from "../scim/secret-attributes.ts";
import { ASSERTION_TYPE } from "../settings/client-assertion.ts";
import { keepBody } from "./keep-body.ts";
import type { LogEntry } from "./log-entry.ts";
import { maskDetail } from "./mask-error-detail.ts";
import { keepMethod, keepPathname } from "./mask-request-path.ts";
import { redactEntry } from "./redact-log-entry.ts";

/** A request for an access token as its door knows it when its row is made. */
interface LoggedTokenRequest
  extends Pick<LogEntry, "id" | "settingId" | "tokenId" | "time" | "method" | "status" | "duration"> {
  url: string;
  /** Whether a client and its secret stand in the Authorization header. */
  hasBasic: boolean;
  /** The form in its body. */
  form: URLSearchParams;
  /** Why it was refused; null where it was not. */
  refusal: Pick<Refusal, "code" | "status" | "detail"> | null;
  /** How long the token lives that it was given (seconds); null where it was given none. */
  expires: number | null;
}

/** The parameters that OAuth knows; the name of another could be anything, and is not told. */
export const OAUTH_PARAMETERS: ReadonlySet<string> = new Set([
  ...["grant_type", "scope", "resource", "audience", "client_id", "client_secret", "client_assertion_type"],
  ...["client_assertion", "assertion", "username", "password", "code", "redirect_uri", "refresh_token"],
]);

/** Values that are no secret and say what was chosen at the identity provider. */
const TOLD: ReadonlySet<string> = new Set([
  ...["client_credentials", "password", "authorization_code", "refresh_token", ASSERTION_TYPE],
  ...["jwt-bearer", "saml2-bearer", "token-exchange", "device_code"].map(
    (grant) => `urn:ietf:params:oauth:grant-type:${grant}`,
  ),
]);

/**
 * The row of the provisioning log of a request for an access token: which parameters it had and how it asked, without any
 * credential, and what it was told. It is found by nobody, so that it names nobody.
 */
export function keepTokenRequest(logged: LoggedTokenRequest): LogEntry {
  const { url, hasBasic, form, refusal, expires, method, ...request } = logged;
  const told = refusal === null ? null : { ...refusal, detail: maskDetail(refusal.detail, null) };
  return redactEntry({
    ...request,
    method: keepMethod(method),
    // What somebody put into the query is no part of a token request, and may be a secret.
    path: keepPathname(pathOf(url)),
    ...{ resourceType: null, resourceId: null, label: null, scimType: null, notes: [] },
    code: told?.code ?? null,
    detail: told?.detail ?? null,
    requestBody: keepBody(keepParameters(form, hasBasic)),
    responseBody: keepBody(told === null ? keepGrant(expires) : oauthErrorBody(told)),
  });
}

function keepParameters(form: URLSearchParams, hasBasic: boolean): JsonObject {
  const kept: JsonObject = {};
  if (hasBasic) Object.assign(kept, { client_id: REDACTED, client_secret: REDACTED });
  for (const [name, value] of form)
    if (OAUTH_PARAMETERS.has(name)) kept[name] = TOLD.has(value.trim()) ? value.trim() : REDACTED;
  return kept;
}

function keepGrant(expires: number | null): JsonObject | null {
  return expires === null ? null : { access_token: REDACTED, token_type: "Bearer", expires_in: expires };
}
