import { createMiddleware } from "hono/factory";
import { createRemoteJWKSet, type JWTVerifyGetKey, jwtVerify } from "jose";
import { withoutTrailing } from "../platform/strip-trailing.ts";
import type { ConsoleEnv } from "./console-env.ts";
import { Refused } from "./refused.ts";

/** Where a team's Access signs, and for which application. */
interface AccessConfig {
  teamDomain: string;
  audience: string;
}

const HEADER = "Cf-Access-Jwt-Assertion";
const keySets = new Map<string, JWTVerifyGetKey>();

/** Whether an assertion is signed by the team's Access, meant for this application and not expired. */
export async function verifyAssertion(
  assertion: string,
  config: AccessConfig,
  keys: JWTVerifyGetKey,
): Promise<boolean> {
  try {
    const issuer = `https://${config.teamDomain}`;
    await jwtVerify(assertion, keys, { issuer, audience: config.audience, algorithms: ["RS256", "ES256"] });
    return true;
  } catch {
    return false;
  }
}

/**
 * Behind Cloudflare Access (ACCESS_TEAM_DOMAIN and ACCESS_AUD are set) lets through only requests that Access let
 * through, whatever host name they came by. Who somebody is, the session says: Access is a gate, not a sign-in.
 */
export const accessGate = createMiddleware<ConsoleEnv>(async (c, next) => {
  const { ACCESS_TEAM_DOMAIN: domain = "", ACCESS_AUD: audience = "" } = c.env;
  if (domain === "" && audience === "") return next();
  if (domain === "" || audience === "")
    throw new Refused(503, "Access is half set up", "Set both ACCESS_TEAM_DOMAIN and ACCESS_AUD, or neither.");
  const config = { teamDomain: withoutTrailing(domain.replace(/^https?:\/\//, ""), "/"), audience };
  const assertion = c.req.header(HEADER);
  if (assertion === undefined || !(await verifyAssertion(assertion, config, keySetOf(config.teamDomain))))
    throw new Refused(403, "Not let through", "This console is behind Cloudflare Access: sign in there first.");
  await next();
});

/** The team's public keys, fetched once and kept by jose with their own rules of renewal. */
function keySetOf(teamDomain: string): JWTVerifyGetKey {
  const known = keySets.get(teamDomain);
  if (known !== undefined) return known;
  const keys = createRemoteJWKSet(new URL(`https://${teamDomain}/cdn-cgi/access/certs`));
  keySets.set(teamDomain, keys);
  return keys;
}
