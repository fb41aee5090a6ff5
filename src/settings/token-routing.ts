import type { Env } from "../platform/env.ts";
import { tokenKey } from "../platform/kv-keys.ts";
import type { TokenRouting } from "./token.ts";

/** Stores where a token's requests go, and the hash of its secret, in KV. */
export async function putTokenRouting(env: Env, tokenId: string, routing: TokenRouting): Promise<void> {
  await env.TOKENS.put(tokenKey(tokenId), JSON.stringify(routing));
}

/** The routing KV keeps for a token id, or null. KV can be up to a minute stale: liveness is judged from D1. */
export async function findTokenRouting(env: Env, tokenId: string): Promise<TokenRouting | null> {
  return env.TOKENS.get<TokenRouting>(tokenKey(tokenId), { type: "json" });
}

/** Forgets a token's routing; the row in D1 stays as history. */
export async function deleteTokenRouting(env: Env, tokenId: string): Promise<void> {
  await env.TOKENS.delete(tokenKey(tokenId));
}

const TRIES = 4;
const PAUSE_MS = 150;

/**
 * Makes a committed token usable by storing its routing, trying again a few times; false when KV stays out of reach: the
 * token's secret is in no other answer, so the caller says so and another token is made.
 */
export async function publishToken(env: Env, tokenId: string, routing: TokenRouting): Promise<boolean> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    try {
      await putTokenRouting(env, tokenId, routing);
      return true;
    } catch (error) {
      console.error("a token's routing could not be stored", error);
      await new Promise((resolve) => setTimeout(resolve, attempt * PAUSE_MS));
    }
  }
  return false;
}

/**
 * Forgets the routing of tokens that D1 already holds dead. A failure is only logged: liveness is judged from D1, so a
 * routing that stays leads nowhere.
 */
export async function forgetTokens(env: Env, tokenIds: readonly string[]): Promise<void> {
  const outcomes = await Promise.allSettled(tokenIds.map((id) => deleteTokenRouting(env, id)));
  for (const outcome of outcomes)
    if (outcome.status === "rejected") console.error("a token's routing could not be deleted", outcome.reason);
}
