import { type Context, Hono, type Next } from "hono";
import { keepTokenRequest } from "../log/keep-token-request.ts";
import { systemClock } from "../platform/clock.ts";
import type { Env } from "../platform/env.ts";
import { isFlooding, SHIELD_SECONDS, shieldKeyOf } from "../platform/flood-shield.ts";
import { readBodyStart } from "../platform/read-body-start.ts";
import { originOf, queryOf } from "../platform/request-url.ts";
import { describeError } from "../platform/transient-fault.ts";
import { newId } from "../platform/uuid.ts";
import { oauthErrorBody } from "../scim/oauth-error-response.ts";
import { ScimError } from "../scim/scim-error.ts";
import { ASSERTION_ALGORITHM } from "../settings/client-assertion.ts";
import type { Place } from "../settings/oauth-client-store.ts";
import { TOKEN_PATHS, tokenEndpoint } from "../settings/tenant-url.ts";
import { STRICT_HEADERS } from "./api-security-headers.ts";
import { gatherLog } from "./batch-log-rows.ts";
import { namedClients } from "./find-named-clients.ts";
import { findClient, findNamed, grantAccess, issuerKeys } from "./grant-access-token.ts";
import { METADATA_PATH, oauthPathOf } from "./oauth-paths.ts";
import {
  assertForm,
  assertGrant,
  basicPair,
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
    /** What was asked, once it is read. */
    request: TokenRequest | undefined;
    /** Whose client it is, once that is known: only then there is a log to write into. */
    place: Place | undefined;
    /** The row of the credential that an access token was given for, and how long that lives (seconds). */
    given: { credentialId: string; expires: number } | undefined;
    /** Why none was given. */
    refusal: ScimError | undefined;
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
  c.set("request", request);
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
  c.set("given", { credentialId, expires });
  return c.json({ access_token: accessToken, token_type: "Bearer", expires_in: expires });
}

/** The one catcher of this door: errors as RFC 6749 section 5.2 wants them. */
function answerError(thrown: Error, c: OAuthContext): Response {
  const error = refuse(thrown, c.get("requestId"));
  c.set("refusal", error);
  const { status } = error;
  const headers = { ...headersOf(error), ...(status === 401 && { "WWW-Authenticate": 'Basic realm="SCIM"' }) };
  return c.json(oauthErrorBody(error), status, headers);
}

/** Hands the row of a request whose client is known to the log of its setting, after the answer. */
async function logAfterAnswer(c: OAuthContext, next: Next): Promise<void> {
  await next();
  const { place, request, given, refusal } = c.var;
  if (place === undefined || request === undefined) return;
  const [time, now] = [c.get("startedAt"), systemClock()];
  const entry = keepTokenRequest({
    ...{ id: c.get("requestId"), settingId: place.settingId, tokenId: given?.credentialId ?? null },
    ...{ time, method: c.req.method, url: c.req.url, status: c.res.status, duration: now - time },
    ...{ hasBasic: basicPair(request.authorization) !== null, form: new URLSearchParams(request.body) },
    ...{ refusal: refusal ?? null, expires: given?.expires ?? null },
  });
  const work = gatherLog(c.env, place.companyId, entry, now);
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
