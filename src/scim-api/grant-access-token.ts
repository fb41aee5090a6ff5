import { isoTime } from "../platform/clock.ts";
import { equalsInConstantTime } from "../platform/constant-time.ts";
import type { Env } from "../platform/env.ts";
import { sha256Hex } from "../platform/random-and-hash.ts";
import { isStrongSecret } from "../platform/secret-strength.ts";
import type { RefusalCode } from "../scim/refusal-causes.ts";
import { ScimError } from "../scim/scim-error.ts";
import { ACCESS_TOKEN_SECONDS, sealAccessToken } from "../settings/access-token.ts";
import { judgeAssertion, judgeClaims, readAssertionHeader } from "../settings/client-assertion.ts";
import { parseCredential } from "../settings/credential.ts";
import { parseClientId } from "../settings/oauth-client.ts";
import { findSignIn, type Place, type SignIn } from "../settings/oauth-client-store.ts";
import { allowsLoopback } from "../settings/trusted-issuer.ts";
import { ASK_AGAIN, IssuerKeys, type KeySource } from "../settings/trusted-issuer-keys.ts";
import type { ClientProof } from "./oauth-token-request.ts";
import { RefusedWrite } from "./refusal-answer.ts";

/** What a client gets; `expires` in seconds. */
interface Grant {
  accessToken: string;
  expires: number;
  /** The row that it was given for: of the client's secret, or the trust. */
  credentialId: string;
}

/** What a sign-in is judged with. */
interface SignInContext {
  env: Env;
  requestUrl: string;
  source: KeySource;
  keys: IssuerKeys;
  now: number;
}

/** The keys that this isolate knows. */
export const issuerKeys = new IssuerKeys();

const UNKNOWN = "This client is not known here: copy the client id again from the SCIM setting.";
const WRONG = "The client secret is not one of this client's: it is mistyped, cut, or another client's.";

/**
 * The client or trust that a request says it comes from. One proof after the other is looked at by its form first: what
 * cannot be right reaches no database.
 */
export async function findClient(env: Env, proof: ClientProof): Promise<SignIn> {
  const id = parseClientId(proof.clientId);
  const found = id === null ? null : await findSignIn(env, id, secretIdOf(proof));
  if (found === null || found.place.settingStatus === "deleted") throw new ScimError("unknown_client", UNKNOWN);
  return found;
}

/** Whose the first of some ids is that is a client's or a trust's; null when nobody knows any. */
export async function findNamed(env: Env, ids: readonly string[]): Promise<Place | null> {
  for (const id of ids) {
    const found = await findSignIn(env, id, null);
    if (found !== null && found.place.settingStatus !== "deleted") return found.place;
  }
  return null;
}

function secretIdOf(proof: ClientProof): string | null {
  return proof.kind === "secret" ? (parseCredential("clientSecret", proof.secret)?.id ?? null) : null;
}

/** An access token for a client that is who it says; ScimError, in words an admin can act on, for any other. */
export async function grantAccess(client: SignIn, proof: ClientProof, context: SignInContext): Promise<Grant> {
  if (!isStrongSecret(context.env.SESSION_SECRET))
    throw new ScimError(
      "not_configured",
      "Access tokens cannot be sealed here: the operator has to set SESSION_SECRET.",
    );
  if (client.kind === "trust") {
    if (proof.kind !== "assertion")
      throw refused("client_secret_wrong", "This client signs in by federation: it has no secret.");
    const id = await assertTrusted(client, proof, context);
    return seal(client.place, id, ACCESS_TOKEN_SECONDS, context);
  }
  if (proof.kind !== "secret")
    throw refused("assertion_refused", "This client signs in with a secret: no trust is set up under its client id.");
  const { id, expiresAt } = await assertSecret(client, proof, context.now);
  const left = expiresAt === null ? ACCESS_TOKEN_SECONDS : Math.ceil((expiresAt - context.now) / 1000);
  return seal(client.place, id, Math.min(ACCESS_TOKEN_SECONDS, left), context);
}

type Client = SignIn & { kind: "client" };
type Trust = SignIn & { kind: "trust" };

async function assertSecret({ revokedAt, secret }: Client, proof: ClientProof & { kind: "secret" }, now: number) {
  const parts = parseCredential("clientSecret", proof.secret);
  const isRight =
    parts !== null &&
    secret?.secretHash != null &&
    equalsInConstantTime(await sha256Hex(parts.secret), secret.secretHash);
  if (!isRight) throw refused("client_secret_wrong", WRONG);
  if (revokedAt !== null)
    throw refused("client_revoked", `The client was deleted on ${day(revokedAt)}: make another in the SCIM setting.`);
  if (secret.revokedAt !== null)
    throw refused(
      "client_secret_revoked",
      `The secret was deleted on ${day(secret.revokedAt)}: put another one of this client into the identity provider.`,
    );
  if (secret.expiresAt !== null && secret.expiresAt <= now)
    throw refused(
      "client_secret_ended",
      `The secret has ended on ${day(secret.expiresAt)}: make another one of this client, and put it into the identity provider.`,
    );
  return secret;
}

async function assertTrusted(
  { terms, revokedAt, ...trust }: Trust,
  { assertion, clientId }: ClientProof & { kind: "assertion" },
  { env, requestUrl, source, keys, now }: SignInContext,
): Promise<string> {
  if (revokedAt !== null)
    throw refused("trust_revoked", `The trust was deleted on ${day(revokedAt)}: make another in the SCIM setting.`);
  const header = readAssertionHeader(assertion);
  if ("fault" in header) throw refused("assertion_refused", header.fault);
  // What its own claims refuse costs no fetch, and is told while the issuer's keys cannot be had.
  const wrong = judgeClaims(assertion, terms, now);
  if (wrong !== null) throw refused("assertion_refused", wrong);
  const address = { jwksUrl: terms.jwksUrl, isLoopbackAllowed: allowsLoopback(env, requestUrl) };
  const set = await keys.find(source, address, header.kid, now);
  if (set === null)
    throw new RefusedWrite({
      code: "issuer_unreachable",
      detail:
        "The keys of the trust's issuer could not be fetched, so that the assertion could not be checked. Try again.",
      retryAfter: ASK_AGAIN / 1000,
    });
  const fault = await judgeAssertion(assertion, terms, set, now);
  if (fault !== null) throw refused("assertion_refused", fault);
  const id = parseClientId(clientId);
  if (id === null) throw new Error(`a trust of ${trust.place.settingId} was found without an id`);
  return id;
}

async function seal(
  { settingStatus: _, ...place }: Place,
  credentialId: string,
  expires: number,
  { env, now }: SignInContext,
): Promise<Grant> {
  const accessToken = await sealAccessToken(env, { ...place, credentialId, expiresAt: now + expires * 1000 });
  return { accessToken, expires, credentialId };
}

function refused(code: RefusalCode, detail: string): ScimError {
  return new ScimError(code, detail);
}

function day(time: number): string {
  return isoTime(time).slice(0, 10);
}
