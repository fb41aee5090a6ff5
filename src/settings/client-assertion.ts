import {
  base64url,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTClaimVerificationOptions,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
  UnsecuredJWT,
} from "jose";
import { clipText } from "../scim/clip-text.ts";
import { audiencesOf, issuerIn, namesNothing, type TrustTerms } from "./trusted-issuer.ts";

/** The one algorithm that assertions are signed with. */
export const ASSERTION_ALGORITHM = "RS256";
/** The one type of assertion (RFC 7523 section 2.2). */
export const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/** How far the clocks may be apart (seconds). */
const SKEW_SECONDS = 60;
/**
 * An assertion's end is at most so far away (seconds): Entra's live for 65 to 90 minutes, and for a day at most where an
 * admin or a managed identity has them longest.
 */
const MOST_SECONDS = 86_400;
/** From its beginning it may be an hour more, since issuers date that back. */
const MOST_SECONDS_IN_ALL = MOST_SECONDS + 3_600;
/** As much of a claim is told. */
const SHOWN = 200;

/** The `kid` of an assertion of the right form: a signed JWT (RFC 7519) by RS256 that names its key; else what is wrong. */
export function readAssertionHeader(assertion: string): { kid: string } | { fault: string } {
  try {
    const { alg, kid } = decodeProtectedHeader(assertion);
    if (alg !== ASSERTION_ALGORITHM)
      return {
        fault: `The assertion is signed by ${show(alg ?? "nothing")}, and only ${ASSERTION_ALGORITHM} is taken.`,
      };
    return kid === undefined ? { fault: "The assertion names no key (kid)." } : { kid };
  } catch {
    return { fault: "The assertion is not a signed JWT." };
  }
}

/** The texts among the claims of what may be an assertion; nothing of it is believed. */
export function textsClaimed(text: string): string[] {
  try {
    return Object.values(decodeJwt(text.trim())).filter((claim) => typeof claim === "string");
  } catch {
    return [];
  }
}

/**
 * Why the claims of an assertion are not what this trust takes at `now` (ms), in words an admin can act on; null when they
 * are. Nothing is believed by this: it spares asking for the issuer's keys, and says what to mend while they cannot be had.
 */
export function judgeClaims(assertion: string, terms: TrustTerms, now: number): string | null {
  if (namesNothing(terms.subject) || audiencesOf(terms.audience).length === 0)
    return "The trust names no subject or no audience: make it again, with what the identity provider shows.";
  try {
    const unsigned = `${base64url.encode('{"alg":"none"}')}.${assertion.split(".")[1] ?? ""}.`;
    const { payload } = UnsecuredJWT.decode(unsigned, wantedOf(terms, now));
    return judgeLifetime(payload, now);
  } catch (error) {
    return explain(error, terms);
  }
}

/** Why an assertion is not one that this trust takes at `now` (ms), its signature included; null when it is. */
export async function judgeAssertion(
  assertion: string,
  terms: TrustTerms,
  keys: JWTVerifyGetKey,
  now: number,
): Promise<string | null> {
  const fault = judgeClaims(assertion, terms, now);
  if (fault !== null) return fault;
  try {
    await jwtVerify(assertion, keys, { ...wantedOf(terms, now), algorithms: [ASSERTION_ALGORITHM] });
    return null;
  } catch (error) {
    // Nothing here waits for anybody: whatever is thrown, a key that is none included, comes of what was sent.
    return explain(error, terms);
  }
}

function wantedOf({ issuer, subject, audience }: TrustTerms, now: number): JWTClaimVerificationOptions {
  // A trust may have been stored with a slash at the end of its issuer, which comes of copying.
  const bare = issuerIn(issuer);
  return {
    ...{ issuer: [bare, `${bare}/`], subject, audience: audiencesOf(audience) },
    requiredClaims: ["exp"],
    clockTolerance: SKEW_SECONDS,
    currentDate: new Date(now),
  };
}

function judgeLifetime({ exp = 0, iat }: JWTPayload, now: number): string | null {
  const isShort =
    exp - now / 1000 <= MOST_SECONDS + SKEW_SECONDS && (iat === undefined || exp - iat <= MOST_SECONDS_IN_ALL);
  return isShort
    ? null
    : "The assertion lives for more than 24 hours (exp): have the identity provider issue shorter ones.";
}

function explain(error: unknown, terms: TrustTerms): string {
  if (error instanceof errors.JWTExpired) return "The assertion has expired.";
  if (error instanceof errors.JWTClaimValidationFailed) return explainClaim(error.claim, error.payload, terms);
  if (error instanceof errors.JWKSNoMatchingKey) return "The issuer has no key of the assertion's kid.";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "The assertion's signature is not the issuer's.";
  return "The assertion is not a JWT that can be taken.";
}

function explainClaim(claim: string, payload: JWTPayload, { issuer, subject, audience }: TrustTerms): string {
  const sent = show(payload[claim]);
  switch (claim) {
    case "iss":
      return `The assertion's issuer is ${sent}, not ${issuer}: copy the issuer again from the identity provider.`;
    case "sub":
      return `The assertion's subject is ${sent}, not ${subject}: copy the subject again from the identity provider.`;
    case "aud":
      return `The assertion's audience is ${sent}, not ${audience}: copy the audience again from the identity provider.`;
    case "nbf":
      return "The assertion is not valid yet: the clocks are more than a minute apart.";
    default:
      return `The assertion's ${claim} is missing or not what it must be.`;
  }
}

/** A claim for a sentence. An address may be somebody's, and what it is tells an admin more than the log's mask for it would. */
function show(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "missing");
  return text.includes("@") ? "an e-mail address" : clipText(text, SHOWN);
}
