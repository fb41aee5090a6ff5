import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from "jose";
import type { KeySource } from "../../src/settings/trusted-issuer-keys.ts";

/** A moment that tests take for the present (ms). */
export const NOW = Date.UTC(2026, 10, 29, 12);

/** What a tenant of Entra calls one application's workload identity. */
export const TERMS = {
  issuer: "https://login.microsoftonline.com/7a0e0a51-0000-4000-8000-000000000001/v2.0",
  subject: "5d2e6f10-0000-4000-8000-000000000002",
  audience: "9b1c7d3e-0000-4000-8000-000000000003",
};

/** A claim to be changed, or left out where it is undefined; times in seconds. */
export type Claims = Partial<Record<"iss" | "sub" | "aud" | "exp" | "nbf" | "iat", unknown>>;

/** An issuer with one key: its public half as it is published, and what signs with the private one, at a moment (ms). */
export async function newIssuer(kid: string, now: () => number) {
  const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, use: "sig" };
  /** An assertion as Entra sends it: 65 minutes long, begun 5 minutes ago, no `jti`. */
  // Some tests send claims of a type that they must not have.
  const claimsOf = (claims: Claims = {}): JWTPayload & Record<string, unknown> => Object.assign(standard(), claims);
  const standard = () => {
    const seconds = Math.floor(now() / 1000);
    return {
      ...{ iss: TERMS.issuer, sub: TERMS.subject, aud: TERMS.audience },
      ...{ iat: seconds - 300, nbf: seconds - 300, exp: seconds + 3600 },
      ...{ oid: TERMS.subject, tid: "7a0e0a51-0000-4000-8000-000000000001", ver: "2.0" },
    };
  };
  const sign = (claims: Claims = {}, header: Partial<JWTHeaderParameters> = {}) =>
    new SignJWT(claimsOf(claims)).setProtectedHeader({ typ: "JWT", alg: "RS256", kid, ...header }).sign(privateKey);
  return { kid, jwk, publicKey, privateKey, claimsOf, sign };
}

/** What a host answers, or how it fails to. */
export type Answer = (url: string, init: RequestInit) => Response | Promise<Response>;

/** A network, a store and a timer of a test's own; the timer never runs out by itself. */
export function newSource(answer: Answer) {
  const asked: string[] = [];
  const stored = new Map<string, string>();
  const timers: AbortController[] = [];
  const source: KeySource = {
    fetch: async (url, init) => {
      asked.push(url);
      return answer(url, init);
    },
    // Only what is called.
    kv: {
      get: async (key: string) => JSON.parse(stored.get(key) ?? "null"),
      put: async (key: string, value: string) => void stored.set(key, value),
    } as unknown as KeySource["kv"],
    timeout: () => {
      const timer = new AbortController();
      timers.push(timer);
      return timer.signal;
    },
    keep: () => {},
  };
  const runOut = () => {
    for (const timer of timers) timer.abort();
  };
  return { source, asked, stored, runOut };
}

/** A host that answers with a set of keys. */
export function hostOf(...keys: JWK[]): Answer {
  return () => Response.json({ keys });
}
