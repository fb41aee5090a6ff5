import { OAUTH_PARAMETERS } from "../log/keep-token-request.ts";
import { ScimError } from "../scim/scim-error.ts";
import { ASSERTION_TYPE } from "../settings/client-assertion.ts";

/** A request at the token endpoint, as it came. */
export interface TokenRequest {
  contentType: string;
  authorization: string | undefined;
  query: URLSearchParams;
  /** As text, up to MOST_BYTES of it. */
  body: string;
  isWhole: boolean;
}

/** A token request is at most so large (bytes). */
export const MOST_BYTES = 16_384;
const FORM_TYPE = "application/x-www-form-urlencoded";
/** What is sent by mistake; another could be anything, and is not told. */
const OTHER_TYPES: ReadonlySet<string> = new Set([
  ...["application/json", "application/scim+json", "application/xml", "application/octet-stream"],
  ...["multipart/form-data", "text/plain", "text/html", "text/xml"],
]);

/** How a client says who it is (RFC 6749 section 2.3, RFC 7523 section 2.2). */
export type ClientProof =
  | { kind: "secret"; clientId: string; secret: string }
  | { kind: "assertion"; clientId: string; assertion: string };

/** What is read of a form: RFC 8707 lets a request name several resources, and everything else once. */
const REPEATABLE: ReadonlySet<string> = new Set(["resource"]);
const GRANT = "client_credentials";

/** Refuses what is no form in the body, and one that is too large. */
export function assertForm({ contentType, query, body, isWhole }: TokenRequest): void {
  if (!isWhole) throw new ScimError("token_request_too_large", "A token request has at most 16 KB.");
  if (body.trim() === "" && query.has("grant_type"))
    throw malformed("The parameters stand in the address: send them as a form, in the body.");
  const type = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  if (type === FORM_TYPE) return;
  const sent = OTHER_TYPES.has(type) ? type : "something else";
  const came = type === "" ? "came without a Content-Type" : `came as ${sent}`;
  throw malformed(`A token request is sent as ${FORM_TYPE}, and this one ${came}.`);
}

/**
 * The parameters of a token request, each at most once, and none without a value (RFC 6749 section 3.2). Outer white space,
 * which comes of copying, is no part of a value. A `scope` is left as it is: a credential's rights are those of its SCIM
 * setting, whatever is asked for.
 */
export function readParameters(form: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of [...new URLSearchParams(form)].map(trimBoth)) {
    if (value === "" || REPEATABLE.has(name)) continue;
    if (parameters.has(name)) throw malformed(`${nameOf(name)} is in the request twice.`);
    parameters.set(name, value);
  }
  return parameters;
}

function trimBoth([name, value]: [string, string]): [string, string] {
  return [name.trim(), value.trim()];
}

/** A name for a sentence. */
function nameOf(name: string): string {
  return OAUTH_PARAMETERS.has(name) ? name : "A parameter";
}

/** Refuses whatever is no client credentials grant (RFC 6749 section 4.4.2). */
export function assertGrant(parameters: ReadonlyMap<string, string>): void {
  const grant = parameters.get("grant_type");
  if (grant === undefined) throw malformed(`grant_type is missing: send grant_type=${GRANT}.`);
  if (grant !== GRANT)
    throw new ScimError(
      "unsupported_grant_type",
      `Only grant_type=${GRANT} is offered: choose client credentials in the identity provider, since no user ever signs in here.`,
    );
}

/** Who the client says it is, and its proof; ScimError when there is none, or more than one. */
export function readProof(parameters: ReadonlyMap<string, string>, authorization: string | undefined): ClientProof {
  const basic = readBasic(authorization);
  const clientId = parameters.get("client_id");
  const secret = parameters.get("client_secret");
  const assertion = readAssertion(parameters);
  if (basic !== null) {
    if (clientId !== undefined && clientId !== basic.clientId)
      throw malformed("The Authorization header and client_id name different clients.");
    // A client uses one way in each request (RFC 6749 section 2.3), even where both say the same.
    if (assertion !== null || secret !== undefined)
      throw malformed(
        "The request proves who the client is in the Authorization header and in the form: have the identity provider send one of them.",
      );
    return { kind: "secret", ...basic };
  }
  if (assertion !== null && secret !== undefined)
    throw malformed("The request has a client_secret and a client_assertion: send one of them.");
  if (clientId === undefined)
    throw new ScimError(
      "no_client",
      "The request names no client: send client_id and client_secret, in the Authorization header (Basic) or in the form.",
    );
  if (assertion !== null) return { kind: "assertion", clientId, assertion };
  if (secret === undefined)
    throw new ScimError(
      "no_client",
      "The request has a client_id, and neither a client_secret nor a client_assertion.",
    );
  return { kind: "secret", clientId, secret };
}

/** The id and secret of a Basic header; null for none. */
function readBasic(authorization: string | undefined): { clientId: string; secret: string } | null {
  if (encodedPair(authorization) === null) return null;
  const pair = basicPair(authorization);
  if (pair === null)
    throw new ScimError("no_client", "The Authorization header is not Basic base64(client_id:client_secret).");
  const [clientId, secret] = pair;
  if (secret === "") throw new ScimError("no_client", "The Authorization header names a client, and has no secret.");
  return { clientId, secret };
}

/**
 * What a Basic header holds, each part encoded as in a form (RFC 6749 section 2.3.1) and without outer white space; null for
 * none that can be read.
 */
export function basicPair(authorization: string | undefined): [id: string, secret: string] | null {
  const pair = decodeBase64(encodedPair(authorization) ?? "");
  const colon = pair?.indexOf(":") ?? -1;
  if (pair === null || colon === -1) return null;
  return [formDecode(pair.slice(0, colon)).trim(), formDecode(pair.slice(colon + 1)).trim()];
}

function encodedPair(authorization = ""): string | null {
  const encoded = authorization.slice("Basic ".length).trim();
  return /^basic\s/i.test(authorization) && encoded !== "" ? encoded : null;
}

/** Text of Base64, with the alphabet of URLs too, which some clients take. */
function decodeBase64(text: string): string | null {
  try {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(plain, (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return null;
  }
}

/** Undoes the encoding of forms; a text that has none of it, as clients that leave it out send it, stays as it is. */
function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

function readAssertion(parameters: ReadonlyMap<string, string>): string | null {
  const assertion = parameters.get("client_assertion");
  const type = parameters.get("client_assertion_type");
  if (assertion === undefined && type === undefined) return null;
  if (type !== ASSERTION_TYPE) throw malformed(`client_assertion_type must be ${ASSERTION_TYPE}.`);
  if (assertion === undefined) throw malformed("client_assertion is missing.");
  return assertion;
}

function malformed(detail: string): ScimError {
  return new ScimError("malformed_token_request", detail);
}
