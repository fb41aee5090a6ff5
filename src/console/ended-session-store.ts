import type { Database } from "../platform/database.ts";
import { retry } from "../platform/retry.ts";
import { sha256Hex } from "../platform/secrets.ts";

/** Remembers that a session was signed out, until its cookie would have expired by itself (ms). */
export async function rememberEnded({ d1 }: Database, sessionId: string, expiresAt: number): Promise<void> {
  const ended = d1
    .prepare("INSERT INTO ended_sessions (session_hash, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING")
    .bind(await sha256Hex(sessionId), expiresAt);
  await retry(() => ended.run());
}

/** Whether a session was signed out. */
export async function isEnded({ d1 }: Database, sessionId: string): Promise<boolean> {
  const row = await d1
    .prepare("SELECT 1 FROM ended_sessions WHERE session_hash = ?")
    .bind(await sha256Hex(sessionId))
    .first();
  return row !== null;
}

/** Forgets the sessions whose cookies have expired by themselves at `now` (ms). */
export async function purgeEndedSessions({ d1 }: Database, now: number): Promise<void> {
  await d1.prepare("DELETE FROM ended_sessions WHERE expires_at <= ?").bind(now).run();
}
