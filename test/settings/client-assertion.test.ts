import { createLocalJWKSet, exportSPKI, SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { judgeAssertion, judgeClaims, readAssertionHeader } from "../../src/settings/client-assertion.ts";
import { type Claims, NOW, newIssuer, TERMS } from "./issuer-fixture.ts";

type Issuer = Awaited<ReturnType<typeof newIssuer>>;

let issuer: Issuer;
let stranger: Issuer;

beforeAll(async () => {
  [issuer, stranger] = [await newIssuer("key-1", () => NOW), await newIssuer("key-1", () => NOW)];
});

const SECONDS = NOW / 1000;

/** What the token endpoint does with an assertion: its header first, then all of it. */
async function judge(assertion: string, terms = TERMS, now = NOW): Promise<string | null> {
  const header = readAssertionHeader(assertion);
  if ("fault" in header) return header.fault;
  return judgeAssertion(assertion, terms, createLocalJWKSet({ keys: [issuer.jwk] }), now);
}

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url");

describe("an assertion", () => {
  it("is taken as Entra sends it: RS256 with kid, the bare id as audience, no jti", async () => {
    expect(await judge(await issuer.sign())).toBeNull();
  });

  it.each([
    ["the bare id", (id: string) => id],
    ["api://id", (id: string) => `api://${id}`],
    ["api://id/.default", (id: string) => `api://${id}/.default`],
  ])("may have %s as audience, whichever of the three was typed in", async (_what, formOf) => {
    const assertion = await issuer.sign({ aud: formOf(TERMS.audience) });
    for (const typed of [TERMS.audience, `api://${TERMS.audience}`, `api://${TERMS.audience}/.default`])
      expect(await judge(assertion, { ...TERMS, audience: typed })).toBeNull();
  });

  it.each<[string, Claims, RegExp]>([
    ["another audience", { aud: "9b1c7d3e-0000-4000-8000-00000000ffff" }, /audience is 9b1c/],
    ["an audience that only begins so", { aud: `${TERMS.audience}-2` }, /audience/],
    ["no audience", { aud: undefined }, /aud/],
    [
      "somebody's address as its subject, which is not told",
      { sub: "ada@example.com" },
      /subject is an e-mail address/,
    ],
    ["another issuer", { iss: "https://login.microsoftonline.com/another/v2.0" }, /issuer is https/],
    ["no issuer", { iss: undefined }, /issuer is missing/],
    ["another subject", { sub: "somebody else" }, /subject is somebody else/],
    ["no subject", { sub: undefined }, /subject is missing/],
    ["no end", { exp: undefined }, /exp/],
    ["an end that is none", { exp: "tomorrow" }, /exp/],
  ])("is refused for %s", async (_what, claims, fault) => {
    expect(await judge(await issuer.sign(claims))).toMatch(fault);
  });

  it("that has been replayed after its end is refused, with a minute for clocks that are apart", async () => {
    const assertion = await issuer.sign({ exp: SECONDS + 10 });
    expect(await judge(assertion, TERMS, NOW + 69_000)).toBeNull();
    expect(await judge(assertion, TERMS, NOW + 70_000)).toMatch(/expired/);
    expect(await judge(assertion, TERMS, NOW + 86_400_000)).toMatch(/expired/);
  });

  it("that is not valid yet is refused, with a minute for clocks that are apart", async () => {
    const assertion = await issuer.sign({ nbf: SECONDS });
    expect(await judge(assertion, TERMS, NOW - 60_000)).toBeNull();
    expect(await judge(assertion, TERMS, NOW - 61_000)).toMatch(/not valid yet/);
  });
});

describe("an assertion, by its form and signature", () => {
  it("that somebody else signed under the issuer's kid, or altered, is refused", async () => {
    expect(await judge(await stranger.sign())).toMatch(/signature/);
    const [head, , signature] = (await issuer.sign()).split(".");
    expect(await judge(`${head}.${encode(issuer.claimsOf({ exp: SECONDS + 7200 }))}.${signature}`)).toMatch(
      /signature/,
    );
  });

  it("of a kid that the issuer has no key of is refused", async () => {
    expect(await judge(await issuer.sign({}, { kid: "key-2" }))).toMatch(/no key/);
  });

  it("that nobody signed is refused, however its alg is written", async () => {
    for (const alg of ["none", "None", "NONE", ""])
      for (const signature of ["", "AAAA"]) {
        const forged = `${encode({ alg, kid: "key-1" })}.${encode(issuer.claimsOf())}.${signature}`;
        expect(await judge(forged), alg).toMatch(/RS256 is taken|not a signed JWT/);
      }
  });

  it("signed by HS256 with the issuer's public key as the secret is refused", async () => {
    const secrets = [await exportSPKI(issuer.publicKey), JSON.stringify(issuer.jwk), issuer.jwk.n ?? ""];
    for (const secret of secrets) {
      const forged = await new SignJWT(issuer.claimsOf())
        .setProtectedHeader({ alg: "HS256", kid: "key-1" })
        .sign(new TextEncoder().encode(secret));
      expect(await judge(forged)).toMatch(/HS256, and only RS256/);
      // With the alg that is taken the signature is none.
      const [, payload, signature] = forged.split(".");
      expect(await judge(`${encode({ alg: "RS256", kid: "key-1" })}.${payload}.${signature}`)).toMatch(/signature/);
    }
  });

  it.each([["RS384"], ["RS512"], ["PS256"]])("signed by %s with the issuer's own key is refused", async (alg) => {
    const pkcs8 = await crypto.subtle.exportKey("pkcs8", issuer.privateKey);
    const name = alg.startsWith("PS") ? "RSA-PSS" : "RSASSA-PKCS1-v1_5";
    const hash = `SHA-${alg.slice(2)}`;
    const key = await crypto.subtle.importKey("pkcs8", pkcs8, { name, hash }, false, ["sign"]);
    const forged = await new SignJWT(issuer.claimsOf()).setProtectedHeader({ alg, kid: "key-1" }).sign(key);
    expect(await judge(forged)).toMatch(/only RS256/);
  });

  it("that names no key, brings its own, or wants something unknown is refused", async () => {
    const bare = await new SignJWT(issuer.claimsOf()).setProtectedHeader({ alg: "RS256" }).sign(issuer.privateKey);
    expect(await judge(bare)).toMatch(/names no key/);
    expect(await judge(await stranger.sign({}, { jwk: stranger.jwk, jku: "https://evil.example.com/keys" }))).toMatch(
      /signature/,
    );
    const critical = `${encode({ alg: "RS256", kid: "key-1", crit: ["exp2"], exp2: 1 })}.${encode(issuer.claimsOf())}.AAAA`;
    expect(await judge(critical)).not.toBeNull();
  });

  it.each([
    "",
    "x",
    "a.b",
    "a.b.c",
    "a.b.c.d.e",
    "....",
    `${"A".repeat(10_000)}.x.y`,
    "eyJhbGciOiJSUzI1NiJ9..",
    "null.null.null",
  ])("that is no JWT is refused: %s", async (text) => {
    expect(await judge(text)).not.toBeNull();
  });
});

describe("an assertion's claims, by themselves: one", () => {
  it.each<[string, Claims, boolean]>([
    ["65 minutes, as Entra's", { exp: SECONDS + 3600 }, true],
    ["24 hours", { iat: SECONDS - 300, exp: SECONDS + 86_400 }, true],
    ["24 hours, and a minute for clocks that are apart", { iat: undefined, exp: SECONDS + 86_460 }, true],
    ["more", { exp: SECONDS + 86_461 }, false],
    ["more, without a beginning", { iat: undefined, exp: SECONDS + 86_461 }, false],
    ["a year", { exp: SECONDS + 31_536_000 }, false],
    ["a year, most of which is over", { iat: SECONDS - 31_536_000, exp: SECONDS + 60 }, false],
    ["milliseconds that were taken for seconds", { exp: NOW }, false],
  ])("that lives for %s is taken or not", async (_what, claims, isTaken) => {
    const fault = await judge(await issuer.sign(claims));
    if (isTaken) expect(fault).toBeNull();
    else expect(fault).toMatch(/more than 24 hours/);
  });

  it("for a trust that names nothing is refused, whatever it says", async () => {
    for (const audience of ["", "api://", "api:///.default", "/.default", " "])
      for (const aud of [audience, "", ["", audience], undefined])
        expect(await judge(await issuer.sign({ aud }), { ...TERMS, audience })).toMatch(/no audience/);
    for (const sub of ["", undefined])
      expect(await judge(await issuer.sign({ sub }), { ...TERMS, subject: "" })).toMatch(/no subject/);
  });

  it("is judged by its claims before anybody's keys are there, and by those alone never taken", async () => {
    for (const claims of [{ iss: "x" }, { sub: "x" }, { aud: "x" }, { exp: 1 }, { nbf: SECONDS + 3600 }])
      expect(judgeClaims(await stranger.sign(claims), TERMS, NOW)).not.toBeNull();
    const forged = await stranger.sign();
    expect(judgeClaims(forged, TERMS, NOW)).toBeNull();
    expect(await judge(forged)).toMatch(/signature/);
  });
});
