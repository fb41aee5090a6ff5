import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { verifyAssertion } from "../../src/console/cloudflare-access.ts";

const config = { teamDomain: "northwind.cloudflareaccess.com", audience: "the-application" };

async function keysAndSigner() {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), alg: "RS256", kid: "1" }] });
  const sign = (claims: { issuer?: string; audience?: string; expires?: string } = {}) =>
    new SignJWT({ email: "ada@example.com" })
      .setProtectedHeader({ alg: "RS256", kid: "1" })
      .setIssuer(claims.issuer ?? `https://${config.teamDomain}`)
      .setAudience(claims.audience ?? config.audience)
      .setExpirationTime(claims.expires ?? "5m")
      .sign(privateKey);
  return { keys, sign };
}

describe("an assertion of Cloudflare Access", () => {
  it("is good when the team signed it for this application", async () => {
    const { keys, sign } = await keysAndSigner();
    expect(await verifyAssertion(await sign(), config, keys)).toBe(true);
  });

  it.each([
    ["another team", { issuer: "https://other.cloudflareaccess.com" }],
    ["another application", { audience: "another" }],
    ["a time that is over", { expires: "-1m" }],
  ])("is refused for %s", async (_what, claims) => {
    const { keys, sign } = await keysAndSigner();
    expect(await verifyAssertion(await sign(claims), config, keys)).toBe(false);
  });

  it("is refused when somebody else signed it, nobody did, or it is no token", async () => {
    const { keys } = await keysAndSigner();
    const stranger = await keysAndSigner();
    const unsigned = `${btoa('{"alg":"none"}')}.${btoa('{"aud":"the-application"}')}.`;
    for (const assertion of [await stranger.sign(), unsigned, "nonsense", ""])
      expect(await verifyAssertion(assertion, config, keys), assertion).toBe(false);
  });
});
