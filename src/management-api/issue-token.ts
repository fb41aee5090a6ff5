import type { Context } from "hono";
import type { SessionSecrets } from "../platform/derived-keys.ts";
import { faultOfSecret } from "../platform/secret-strength.ts";
import { type MintedCredential, mintCredential } from "../settings/credential.ts";
import type { Setting } from "../settings/setting.ts";
import { publishToken } from "../settings/token-routing.ts";
import type { ApiEnv } from "./api-env.ts";
import { Problem } from "./problem.ts";

/** A new token, sealed under SESSION_SECRET; 503 while that is not set. */
export function mintSealedToken(c: Context<ApiEnv>): Promise<MintedCredential> {
  return mintCredential("token", requireSessionSecret(c));
}

/** What seals credentials and webhook secrets; 503 with the way out while SESSION_SECRET is not set. */
export function requireSessionSecret(c: Context<ApiEnv>): SessionSecrets {
  const fault = faultOfSecret(c.env, "SESSION_SECRET");
  if (fault !== null && (c.env.SESSION_SECRET ?? "") === "") throw new Problem("not_configured", fault);
  return c.env;
}

/** What seals access tokens, which no short secret may; 503 with the way out while SESSION_SECRET is one. */
export function requireStrongSecret(c: Context<ApiEnv>): SessionSecrets {
  const fault = faultOfSecret(c.env, "SESSION_SECRET");
  if (fault !== null) throw new Problem("not_configured", fault);
  return c.env;
}

/** Makes a committed token usable; one that stays without routing is refused with 503 and the way out. */
export async function issueToken(
  c: Context<ApiEnv>,
  token: Pick<MintedCredential, "id" | "hash">,
  setting: Pick<Setting, "id" | "key">,
  expiresAt: number | null,
): Promise<void> {
  const { id: companyId, key: companyKey, shard } = c.var.company;
  const to = { companyId, companyKey, shard, settingId: setting.id, settingKey: setting.key };
  if (await publishToken(c.env, token.id, { hash: token.hash, ...to, expiresAt })) return;
  throw new Problem(
    "token_unpublished",
    `SCIM setting "${setting.id}" is in place, but token "${token.id}" could not be published: make another token of it.`,
    { headers: { "Retry-After": "5" } },
  );
}
