import { type Context, Hono, type Next } from "hono";
import { keepBody } from "../log/keep-body.ts";
import { type LogDraft, newDraft } from "../log/log-draft.ts";
import { redactEntry } from "../log/redact-log-entry.ts";
import { systemClock } from "../platform/clock.ts";
import type { Env } from "../platform/env.ts";
import { isFlooding, SHIELD_SECONDS, shieldKeyOf } from "../platform/flood-shield.ts";
import { readBodyStart } from "../platform/read-body-start.ts";
import { originOf, pathOf, queryOf } from "../platform/request-url.ts";
import { describeError } from "../platform/transient-fault.ts";
import { newId } from "../platform/uuid.ts";
import { ScimError } from "../scim/scim-error.ts";
import { ASSERTION_ALGORITHM } from "../settings/client-assertion.ts";
import type { Place } from "../settings/oauth-client-store.ts";
import { TOKEN_PATHS, tokenEndpoint } from "../settings/tenant-url.ts";
import { STRICT_HEADERS } from "./api-security-headers.ts";
import { gatherLog } from "./batch-log-rows.ts";
import { namedClients } from "./find-named-clients.ts";
import { findClient, findNamed, grantAccess, issuerKeys } from "./grant-access-token.ts";
import { MASKED, maskTokenRequest } from "./mask-token-request.ts";
import { METADATA_PATH, oauthPathOf } from "./oauth-paths.ts";
import {
  assertForm,
  assertGrant,
  MOST_BYTES,
  readParameters,
  readProof,
  type TokenRequest,
} from "./oauth-token-request.ts";
import { headersOf, RefusedWrite, refuse } from "./refusal-answer.ts";

/** What this door's handlers carry from one step of a request to the next. */
interface OAuthDoor {
  Bindings: Env;
  Variables: {
    requestId: string;
    startedAt: number;
    log: LogDraft;
    /** Whose client it is, once that is known: only then there is a log to write into. */
    place: Place;
    /** The row of the credential that an access token was given for. */
    credentialId: string;
  };
}

type OAuthContext = Context<OAuthDoor>;

/** The door where identity providers get access tokens (RFC 6749 section 4.4, RFC 7523) and learn of it (RFC 8414). */
export function oauthApi(): Hono<OAuthDoor> {
  const app = new Hono<OAuthDoor>({ getPath: (request) => oauthPathOf(request.url) });
  app.onError(answerError);
  app.use(beginRequest, logAfterAnswer);
  for (const path of TOKEN_PATHS) app.all(path, assertCalm, answerClient);
  app.get(METADATA_PATH, (c) => c.json(describeServer(c.req.url)));
  app.all(METADATA_PATH, (c) => {
    c.header("Allow", "GET");
    throw new ScimError("method_not_allowed", "This address takes GET only.");
  });
  return app;
}

async function beginRequest(c: OAuthContext, next: Next): Promise<void> {
  const now = systemClock();
  c.set("startedAt", now);
  c.set("requestId", newId(now));
  c.set("log", newDraft());
  await next();
  for (const [name, value] of Object.entries(STRICT_HEADERS)) c.header(name, value);
  c.header("Pragma", "no-cache");
  c.header("X-Request-Id", c.get("requestId"));
}

/** The endpoint's own shield, before anything is looked up: identity providers ask once an hour for each client. */
async function assertCalm(c: OAuthContext, next: Next): Promise<void> {
  const address = shieldKeyOf(c.req.header("cf-connecting-ip"));
  if (await isFlooding(c.env.OAUTH_SHIELD, address, c.req.url)) throw tooMany();
  await next();
}

function tooMany(): RefusedWrite {
  const detail = "Too many requests for access tokens came from this address. Keep a token for the hour it lives.";
  return new RefusedWrite({ code: "rate_limited", detail, retryAfter: SHIELD_SECONDS });
}

async function readRequest(c: OAuthContext): Promise<TokenRequest> {
  const { text, isWhole } = await readBodyStart(c.req.raw.body, MOST_BYTES);
  return {
    contentType: c.req.header("content-type") ?? "",
    authorization: c.req.header("authorization"),
    query: new URLSearchParams(queryOf(c.req.url)),
    body: text,
    isWhole,
  };
}

async function answerClient(c: OAuthContext): Promise<Response> {
  const request = await readRequest(c);
  c.get("log").requestBody = maskTokenRequest(request);
  try {
    return await giveToken(c, request);
  } catch (error) {
    if (!(error instanceof ScimError) || error.status >= 500) throw error;
    // Whoever is refused again and again is heard no more for a while, as at the SCIM endpoints.
    const address = shieldKeyOf(c.req.header("cf-connecting-ip"));
    if (await isFlooding(c.env.ADDRESS_SHIELD, address, c.req.url)) throw tooMany();
    if (c.get("place") === undefined && error.code !== "unknown_client") await findLog(c, request);
    throw error;
  }
}

/** Looks for the setting in whose log a refusal is to stand; none for a client that nobody knows. */
async function findLog(c: OAuthContext, request: TokenRequest): Promise<void> {
  try {
    const place = await findNamed(c.env, namedClients(request));
    if (place !== null) c.set("place", place);
  } catch (error) {
    // What was wrong with the request is the answer all the same.
    console.error(JSON.stringify({ level: "error", room: "scim-api", error: describeError(error) }));
  }
}

async function giveToken(c: OAuthContext, request: TokenRequest): Promise<Response> {
  if (c.req.method !== "POST") {
    c.header("Allow", "POST");
    throw new ScimError("method_not_allowed", "The token endpoint takes POST only.");
  }
  assertForm(request);
  const parameters = readParameters(request.body);
  const proof = readProof(parameters, request.authorization);
  assertGrant(parameters);
  const client = await findClient(c.env, proof);
  c.set("place", client.place);
  const source = {
    fetch: (url: string, init: RequestInit) => fetch(url, init),
    kv: c.env.TOKENS,
    timeout: (milliseconds: number) => AbortSignal.timeout(milliseconds),
    keep: (work: Promise<unknown>) => c.executionCtx.waitUntil(work),
  };
  const context = { env: c.env, requestUrl: c.req.url, source, keys: issuerKeys, now: c.get("startedAt") };
  const { accessToken, expires, credentialId } = await grantAccess(client, proof, context);
  c.set("credentialId", credentialId);
  c.get("log").responseBody = { access_token: MASKED, token_type: "Bearer", expires_in: expires };
  return c.json({ access_token: accessToken, token_type: "Bearer", expires_in: expires });
}

/** What an error is called in RFC 6749 section 5.2; where that has no word, section 4.1.2.1 has one. */
function nameOf(error: ScimError): string {
  if (error.status === 401) return "invalid_client";
  if (error.code === "unsupported_grant_type") return "unsupported_grant_type";
  if (error.status === 429 || error.status === 503) return "temporarily_unavailable";
  return error.status >= 500 ? "server_error" : "invalid_request";
}

/** The one catcher of this door: errors as RFC 6749 section 5.2 wants them. */
function answerError(thrown: Error, c: OAuthContext): Response {
  const error = refuse(thrown, c.get("requestId"));
  const { code, detail, status } = error;
  Object.assign(c.get("log"), { code, detail });
  // Section 5.2 lets descriptions have printable ASCII without quotes and backslashes.
  const description = detail.replaceAll('"', "'").replace(/[^\x20-\x7e]|\\/g, "?");
  const body = { error: nameOf(error), error_description: description };
  if (c.get("place") !== undefined) c.get("log").responseBody = body;
  const headers = { ...headersOf(error), ...(status === 401 && { "WWW-Authenticate": 'Basic realm="SCIM"' }) };
  return c.json(body, status, headers);
}

/** Hands the row of a request whose client is known to the log of its setting, after the answer. */
async function logAfterAnswer(c: OAuthContext, next: Next): Promise<void> {
  await next();
  const place = c.get("place");
  if (place === undefined) return;
  const [time, now] = [c.get("startedAt"), systemClock()];
  const { code, detail, requestBody, responseBody } = c.get("log");
  const entry = {
    ...{ id: c.get("requestId"), settingId: place.settingId, tokenId: c.get("credentialId") ?? null },
    // What somebody put into the query is no part of a token request, and may be a secret.
    ...{ time, method: c.req.method, path: pathOf(c.req.url), status: c.res.status, duration: now - time },
    ...{ resourceType: null, resourceId: null, label: null, code, scimType: null, detail, notes: [] },
    ...{ requestBody: keepBody(requestBody), responseBody: keepBody(responseBody) },
  };
  const work = gatherLog(c.env, place.companyId, redactEntry(entry), now);
  if (work !== null) c.executionCtx.waitUntil(work);
}

/** The authorization server's metadata (RFC 8414 section 2). */
function describeServer(url: string): Record<string, unknown> {
  return {
    issuer: `${originOf(url)}/scim`,
    token_endpoint: tokenEndpoint(url),
    grant_types_supported: ["client_credentials"],
    response_types_supported: [],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "private_key_jwt"],
    token_endpoint_auth_signing_alg_values_supported: [ASSERTION_ALGORITHM],
  };
}
