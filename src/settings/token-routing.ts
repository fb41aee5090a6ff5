import { pause } from "../platform/clock.ts";
import { type Database, openDatabases } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import { tokenKey } from "../platform/kv-keys.ts";
import { sha256Hex } from "../platform/random-and-hash.ts";
import { runRead, selectFirst } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";
import { describeError } from "../platform/transient-fault.ts";
import { isGenuine } from "./credential.ts";
import { type ParsedToken, secretMatches, type TokenRouting } from "./token.ts";
import { isOlderSealed } from "./token-of-former-form.ts";

/** Stores where a token's requests go, and the hash of its secret, in KV. */
async function putTokenRouting(env: Env, tokenId: string, routing: TokenRouting): Promise<void> {
  await env.TOKENS.put(tokenKey(tokenId), JSON.stringify(routing));
}

/** The routing KV keeps for a token id, or null. KV can be up to a minute stale: liveness is judged from D1. */
export async function findTokenRouting(env: Env, tokenId: string): Promise<TokenRouting | null> {
  return env.TOKENS.get<TokenRouting>(tokenKey(tokenId), { type: "json" });
}

/**
 * Where the requests of a genuine token go, or null. What KV keeps decides; while KV fails or does not show the token
 * (yet), D1 does, but only for a token whose seal shows that it was made here: made-up tokens never reach D1.
 */
export async function routeToken(env: Env, parts: ParsedToken): Promise<TokenRouting | null> {
  const kept = await findTokenRouting(env, parts.id).catch(() => "unreachable" as const);
  if (kept !== null && kept !== "unreachable") return (await secretMatches(parts.secret, kept.hash)) ? kept : null;
  if (!(await isMadeHere(env, parts, kept === "unreachable"))) return null;
  const rows = await Promise.all(openDatabases(env).map((database) => findRouting(database, parts.id)));
  const row = rows.find((found) => found !== null);
  return row === undefined ? null : { ...row, hash: await sha256Hex(parts.secret) };
}

/**
 * Whether a token's seal stands in for what KV does not say. Tokens of the older form have been in KV for long, and whoever
 * has SESSION_SECRET could seal one: theirs counts only while KV does not answer at all.
 */
async function isMadeHere(env: Env, parts: ParsedToken, isUnreachable: boolean): Promise<boolean> {
  if (parts.form === "present") return isGenuine("token", env, parts);
  return isUnreachable && (await isOlderSealed(parts, env));
}

function findRouting({ d1 }: Database, tokenId: string): Promise<Omit<TokenRouting, "hash"> | null> {
  const statement = sql`SELECT c.id AS companyId, c.company_key AS companyKey, c.shard, s.id AS settingId,
      s.setting_key AS settingKey, t.expires_at AS expiresAt
    FROM tokens t CROSS JOIN scim_settings s ON s.setting_key = t.setting_key
    CROSS JOIN companies c ON c.company_key = s.company_key WHERE t.id = ${tokenId} AND t.kind = 'token'`;
  return runRead(
    { d1 },
    selectFirst(statement, (row) => row as Omit<TokenRouting, "hash">), // the columns of the statement
  );
}

/** Forgets a token's routing; the row in D1 stays as history. */
async function deleteTokenRouting(env: Env, tokenId: string): Promise<void> {
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
      report("a token's routing could not be stored", error);
      await pause(attempt * PAUSE_MS);
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
    if (outcome.status === "rejected") report("a token's routing could not be deleted", outcome.reason);
}

function report(message: string, error: unknown): void {
  console.error(JSON.stringify({ level: "error", room: "settings", message, error: describeError(error) }));
}
