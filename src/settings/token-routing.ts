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
