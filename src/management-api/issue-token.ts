import type { Context } from "hono";
import type { Setting } from "../settings/setting.ts";
import type { MintedToken } from "../settings/token.ts";
import { putTokenRouting } from "../settings/token-routing.ts";
import type { ApiEnv } from "./api-env.ts";
import { Problem } from "./problem.ts";

const TRIES = 4;
const PAUSE_MS = 150;

/**
 * Makes a committed token usable by storing its routing in KV, trying again a few times: its secret is in no other
 * answer, so a token that stays without routing is refused with 503 and the way out.
 */
export async function issueToken(
  c: Context<ApiEnv>,
  token: Pick<MintedToken, "id" | "hash">,
  setting: Pick<Setting, "id" | "key">,
  expiresAt: number | null,
): Promise<void> {
  const { id: companyId, key: companyKey, shard } = c.var.company;
  const to = { companyId, companyKey, shard, settingId: setting.id, settingKey: setting.key };
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    try {
      return await putTokenRouting(c.env, token.id, { hash: token.hash, ...to, expiresAt });
    } catch (error) {
      console.error("a token's routing could not be stored", error);
      await new Promise((resolve) => setTimeout(resolve, attempt * PAUSE_MS));
    }
  }
  throw new Problem(
    503,
    `SCIM setting "${setting.id}" is in place, but token "${token.id}" could not be published: make another token of it.`,
    { headers: { "Retry-After": "5" } },
  );
}
