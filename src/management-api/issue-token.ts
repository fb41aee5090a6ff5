import type { Context } from "hono";
import type { Setting } from "../settings/setting.ts";
import { type MintedToken, mintToken } from "../settings/token.ts";
import { publishToken } from "../settings/token-routing.ts";
import type { ApiEnv } from "./api-env.ts";
import { Problem } from "./problem.ts";

/** A new token, sealed with SESSION_SECRET; 503 while that is not set. */
export function mintSealedToken(c: Context<ApiEnv>): Promise<MintedToken> {
  return mintToken(requireSessionSecret(c));
}

/** SESSION_SECRET, which seals tokens and webhook secrets; 503 with the way out while it is not set. */
export function requireSessionSecret(c: Context<ApiEnv>): string {
  const secret = c.env.SESSION_SECRET ?? "";
  if (secret === "")
    throw new Problem(
      "not_configured",
      "SESSION_SECRET is not set: run `wrangler secret put SESSION_SECRET`, or put it into .dev.vars for local development.",
    );
  return secret;
}

/** Makes a committed token usable; one that stays without routing is refused with 503 and the way out. */
export async function issueToken(
  c: Context<ApiEnv>,
  token: Pick<MintedToken, "id" | "hash">,
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
