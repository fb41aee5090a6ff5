import { and, desc, eq, gt, isNull, lt, ne } from "drizzle-orm";
import type { Database } from "../platform/database.ts";
import { retry } from "../platform/retry.ts";
import { companies, consoleSessions } from "./tables.ts";

/** What makes a session: its id, the hash of its secret, and its time (ms). */
export interface SessionStart {
  id: string;
  secretHash: string;
  now: number;
  expiresAt: number;
}

const COLUMNS = {
  id: consoleSessions.id,
  secretHash: consoleSessions.secretHash,
  /** Null for the operator, and for nobody else. */
  companyKey: consoleSessions.companyKey,
  /** The company whose admin it is. */
  companyId: companies.id,
  /** The start of the hash of the link it was begun with, or the name of the operator key. */
  entry: consoleSessions.entry,
  createdAt: consoleSessions.createdAt,
  /** To some minutes. */
  lastSeenAt: consoleSessions.lastSeenAt,
  expiresAt: consoleSessions.expiresAt,
  endedAt: consoleSessions.endedAt,
};

/** A session as its row says; times in milliseconds. */
export type ConsoleSession = Awaited<ReturnType<typeof listSessions>>[number];

/** Sessions of one company's admins, by the company's key, or of the operator. */
export type SessionOwner = { companyKey: number | null };

/** Begins a session of the operator; `entry` names the key that was given. */
export async function beginOperatorSession(
  { orm }: Database,
  { now, ...session }: SessionStart,
  entry: string,
): Promise<void> {
  const row = { ...session, companyKey: null, entry, createdAt: now, lastSeenAt: now };
  await retry(() => orm.insert(consoleSessions).values(row).onConflictDoNothing().run());
}

/** The session of an id, or null. */
export async function findSession({ orm }: Database, id: string): Promise<ConsoleSession | null> {
  const found = await orm
    .select(COLUMNS)
    .from(consoleSessions)
    .leftJoin(companies, eq(companies.key, consoleSessions.companyKey))
    .where(eq(consoleSessions.id, id))
    .get();
  return found ?? null;
}

/** Records that a session was seen at `now`, unless that was recorded after `before` (ms). */
export async function recordSeen({ orm }: Database, id: string, times: { now: number; before: number }): Promise<void> {
  const isStale = and(eq(consoleSessions.id, id), lt(consoleSessions.lastSeenAt, times.before));
  await orm.update(consoleSessions).set({ lastSeenAt: times.now }).where(isStale).run();
}

/** Up to `take` sessions that are not over, the newest first; who was last seen before `seenAfter` (ms) is out by idling. */
export async function listSessions(
  { orm }: Database,
  owner: SessionOwner,
  { now, seenAfter, take }: { now: number; seenAfter: number; take: number },
) {
  return orm
    .select(COLUMNS)
    .from(consoleSessions)
    .leftJoin(companies, eq(companies.key, consoleSessions.companyKey))
    .where(
      and(
        isOf(owner),
        isNull(consoleSessions.endedAt),
        gt(consoleSessions.expiresAt, now),
        gt(consoleSessions.lastSeenAt, seenAfter),
      ),
    )
    .orderBy(desc(consoleSessions.createdAt))
    .limit(take)
    .all();
}

/** Ends one session, of whomever. */
export async function endSession({ orm }: Database, id: string, now: number): Promise<void> {
  const isLive = and(eq(consoleSessions.id, id), isNull(consoleSessions.endedAt));
  await retry(() => orm.update(consoleSessions).set({ endedAt: now }).where(isLive).run());
}

/** Ends all sessions of an owner but the one with the id `but`. */
export async function endOtherSessions(
  { orm }: Database,
  owner: SessionOwner,
  { but, now }: { but: string; now: number },
): Promise<void> {
  const isMeant = and(isOf(owner), isNull(consoleSessions.endedAt), ne(consoleSessions.id, but));
  await retry(() => orm.update(consoleSessions).set({ endedAt: now }).where(isMeant).run());
}

/** Forgets the sessions whose time was over before `time` (ms). */
export async function purgeSessions({ orm }: Database, time: number): Promise<void> {
  await orm.delete(consoleSessions).where(lt(consoleSessions.expiresAt, time)).run();
}

function isOf({ companyKey }: SessionOwner) {
  return companyKey === null ? isNull(consoleSessions.companyKey) : eq(consoleSessions.companyKey, companyKey);
}
