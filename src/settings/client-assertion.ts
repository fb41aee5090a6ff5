import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { clipText } from "../scim/clip-text.ts";
import { audiencesOf, type TrustTerms } from "./trusted-issuer.ts";

/** The one algorithm that assertions are signed with. */
export const ASSERTION_ALGORITHM = "RS256";
/** How far the clocks may be apart (seconds). */
const SKEW_SECONDS = 60;
/** As much of a claim is told. */
const SHOWN = 200;

/** The `kid` of an assertion of the right form: a signed JWT (RFC 7519) by RS256 that names its key; else what is wrong. */
export function readAssertionHeader(assertion: string): { kid: string } | { fault: string } {
  try {
    const { alg, kid } = decodeProtectedHeader(assertion);
    decodeJwt(assertion);
    if (alg !== ASSERTION_ALGORITHM)
      return {
        fault: `The assertion is signed by ${show(alg ?? "nothing")}, and only ${ASSERTION_ALGORITHM} is taken.`,
      };
    return kid === undefined ? { fault: "The assertion names no key (kid)." } : { kid };
  } catch {
    return { fault: "The assertion is not a signed JWT." };
  }
}

/** Why an assertion is not one that this trust takes at `now` (ms), in words an admin can act on; null when it is. */
export async function judgeAssertion(
  assertion: string,
  { issuer, subject, audience }: TrustTerms,
  keys: JWTVerifyGetKey,
  now: number,
): Promise<string | null> {
  try {
    await jwtVerify(assertion, keys, {
      issuer,
      subject,
      audience: audiencesOf(audience),
      algorithms: [ASSERTION_ALGORITHM],
      requiredClaims: ["exp"],
      clockTolerance: SKEW_SECONDS,
      currentDate: new Date(now),
    });
    return null;
  } catch (error) {
    // Nothing here waits for anybody: whatever is thrown, a key that is none included, comes of what was sent.
    return explain(error, { issuer, subject, audience });
  }
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

function show(value: unknown): string {
  return clipText(typeof value === "string" ? value : (JSON.stringify(value) ?? "missing"), SHOWN);
}
