import { equalsInConstantTime } from "../platform/constant-time.ts";
import type { Env } from "../platform/env.ts";
import { ScimError } from "../scim/scim-error.ts";
import { type AccessGrant, isAccessToken, readAccessToken } from "../settings/access-token.ts";
import { type ParsedToken, parseToken, type TokenRouting } from "../settings/token.ts";
import { findTokenRouting, routeToken } from "../settings/token-routing.ts";

/** Whose request it is: the credential, and where its company and setting lie. */
export interface Identity extends Omit<TokenRouting, "hash"> {
  /** The id of the credential's row: of a token, or of the client's secret or the trust that an access token was given for. */
  tokenId: string;
}

/** The refusal of an access token that has ended: whose it was is known, so that its setting's log has the request. */
export class EndedAccessToken extends ScimError {
  readonly identity: Identity;

  constructor(identity: Identity) {
    super("token_expired", ENDED);
    this.identity = identity;
  }
}

/** How long an isolate trusts a token's routing without asking KV; liveness is always read from D1. */
const CACHE_MS = 5_000;
const CACHE_SIZE = 500;
/** Routings by token id, each with the whole token it was given for: a digest for every request would cost as much as a look-up. */
const cache = new Map<string, { text: string; secret: string; routing: TokenRouting; until: number }>();

const NO_TOKEN =
  "This address needs the secret token of a SCIM setting, sent as the header Authorization: Bearer <token>.";
const BAD_TOKEN =
  "The token is not valid: it is mistyped, incomplete or was never issued. Copy it again, or make a new one in the SCIM setting.";

const ENDED =
  "The access token has expired. Ask the token endpoint for another one: an access token lives for an hour.";

/**
 * The identity of an Authorization header, or a 401 (RFC 6750). The scheme may be in any case, or missing: Okta's
 * header-auth apps send the bare token (test/scim-api/door.worker.test.ts).
 */
export async function authenticate(env: Env, header: string | undefined, now: number): Promise<Identity> {
  const text = textOf(header);
  if (text === "" || /^bearer$/i.test(text)) throw new ScimError("no_token", NO_TOKEN);
  if (isAccessToken(text)) return identify(await recallGrant(env, text), now);
  const parts = parseToken(text);
  if (parts === null) throw new ScimError("unknown_token", BAD_TOKEN);
  const routing = await recallRouting(env, { ...parts, text }, now);
  if (routing === null) throw new ScimError("unknown_token", BAD_TOKEN);
  return { ...routing, tokenId: parts.id };
}

function textOf(header: string | undefined): string {
  return (header ?? "").trim().replace(/^bearer\s+/i, "");
}

/** Where a token's id is readable in what was sent of it. */
const READABLE_ID = /^rcl_([0-9a-f]{24})(?:_|$)/;

/** The id of the token that a refused header seems to be. It proves nothing: it only says whose admin is to be told. */
export function readTokenId(header: string | undefined): string | undefined {
  return READABLE_ID.exec(textOf(header))?.[1];
}

/** The company and setting of the token with an id that was read in a refused header, or null; KV is asked, never D1. */
export function recogniseMistyped(env: Env, id: string): Promise<Pick<Identity, "companyId" | "settingId"> | null> {
  return findTokenRouting(env, id).catch(() => null);
}

/** The grants of access tokens whose seals were looked at; those of the same deployment, whose secrets an isolate has for life. */
const grants = new Map<string, AccessGrant>();

async function recallGrant(env: Env, text: string): Promise<AccessGrant | null> {
  const known = grants.get(text);
  if (known !== undefined) return known;
  const grant = await readAccessToken(env, text);
  if (grants.size >= CACHE_SIZE) grants.clear();
  if (grant !== null) grants.set(text, grant);
  return grant;
}

/** An access token says itself whose it is: nobody need be asked. */
function identify(grant: AccessGrant | null, now: number): Identity {
  if (grant === null) throw new ScimError("unknown_token", BAD_TOKEN);
  const { credentialId: tokenId, ...place } = grant;
  if (grant.expiresAt <= now) throw new EndedAccessToken({ ...place, tokenId });
  return { ...place, tokenId };
}

async function recallRouting(
  env: Env,
  parts: ParsedToken & { text: string },
  now: number,
): Promise<TokenRouting | null> {
  const known = cache.get(parts.id);
  if (known !== undefined && known.until > now) {
    if (!equalsInConstantTime(parts.secret, known.secret)) return null;
    // Another seal beside the right secret is a forgery, unless KV shows the token.
    if (equalsInConstantTime(parts.text, known.text)) return known.routing;
  }
  const routing = await routeToken(env, parts);
  if (cache.size >= CACHE_SIZE) cache.clear();
  const { text, secret } = parts;
  if (routing !== null) cache.set(parts.id, { text, secret, routing, until: now + CACHE_MS });
  return routing;
}
