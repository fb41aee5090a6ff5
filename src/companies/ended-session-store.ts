import { eq } from "drizzle-orm";
import type { Database } from "../platform/database.ts";
import { retry } from "../platform/retry.ts";
import { sha256Hex } from "../platform/secrets.ts";
import { prepare, sql } from "../platform/sql.ts";
import { endedSessions } from "./tables.ts";

/** Remembers that a session was signed out, until its cookie would have expired by itself (ms). */
export async function rememberEnded({ orm }: Database, sessionId: string, expiresAt: number): Promise<void> {
  const sessionHash = await sha256Hex(sessionId);
  await retry(() => orm.insert(endedSessions).values({ sessionHash, expiresAt }).onConflictDoNothing().run());
}

/** Whether a session was signed out. */
export async function isEnded({ orm }: Database, sessionId: string): Promise<boolean> {
  const isOfSession = eq(endedSessions.sessionHash, await sha256Hex(sessionId));
  return (await orm.select().from(endedSessions).where(isOfSession).get()) !== undefined;
}

/** Forgets the sessions whose cookies have expired by themselves at `now` (ms). */
export async function purgeEndedSessions({ d1 }: Database, now: number): Promise<void> {
  await prepare(d1, sql`DELETE FROM ended_sessions WHERE expires_at <= ${now}`).run();
}
