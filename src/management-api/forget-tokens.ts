import type { Env } from "../platform/env.ts";
import { deleteTokenRouting } from "../settings/token-routing.ts";

/**
 * Forgets the routing of tokens that D1 already holds dead. A failure is only logged: liveness is judged from D1, so a
 * routing that stays leads nowhere.
 */
export async function forgetTokens(env: Env, tokenIds: readonly string[]): Promise<void> {
  const outcomes = await Promise.allSettled(tokenIds.map((id) => deleteTokenRouting(env, id)));
  for (const outcome of outcomes)
    if (outcome.status === "rejected") console.error("a token's routing could not be deleted", outcome.reason);
}
