import type { Context } from "hono";
import type { Setting } from "../settings/setting.ts";
import type { MintedToken } from "../settings/token.ts";
import { publishToken } from "../settings/token-routing.ts";
import type { ApiEnv } from "./api-env.ts";
import { Problem } from "./problem.ts";

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
    503,
    `SCIM setting "${setting.id}" is in place, but token "${token.id}" could not be published: make another token of it.`,
    { headers: { "Retry-After": "5" } },
  );
}
