import { getCookie, setCookie } from "hono/cookie";
import { enterByLink } from "../companies/console-link-store.ts";
import {
  beginOperatorSession,
  type ConsoleSession,
  endSession,
  findSession,
  recordSeen,
  type SessionStart,
} from "../companies/console-session-store.ts";
import { equalsInConstantTime } from "../platform/constant-time.ts";
import { openRegistry } from "../platform/database.ts";
import { keyIdOf } from "../platform/derived-keys.ts";
import type { Env } from "../platform/env.ts";
import { isFlooding, SHIELD_SECONDS } from "../platform/flood-shield.ts";
import { randomHex, sha256Hex } from "../platform/random-and-hash.ts";
import { isSealed, readSealedText, sealText } from "../platform/sealed-text.ts";
import type { ConsoleContext, Session } from "./console-env.ts";
import { Refused } from "./refused.ts";

/** The prefix has browsers take it from this host alone, over HTTPS (or loopback), and for all of it: nobody plants another. */
const COOKIE = "__Host-rollcall_session";
const MINUTE = 60_000;
/** How long a session lasts at most, and how long without a page (ms). */
const LIFETIME = 12 * 60 * MINUTE;
export const IDLE = 2 * 60 * MINUTE;
/** How exactly a session's last page is known (ms): a page writes a row when it is older. */
const SEEN_EVERY = 5 * MINUTE;

/** What a request's cookie stands for: a session, one that is over, or nothing. */
type FoundSession = { state: "live"; session: Session } | { state: "over"; wasAdmin: boolean } | { state: "none" };

/** Begins a session of the operator, who gave the key, and ends the one this browser had. */
export async function startOperatorSession(c: ConsoleContext, now: number): Promise<void> {
  const { secret, ...start } = await newSession(now);
  await beginOperatorSession(openRegistry(c.env), start, await keyIdOf(c.env.OPERATOR_KEY));
  await replaceCookie(c, `${start.id}_${secret}`, now);
}

/** Begins a session of a company's admin by a one-time link, as above; the company's id, or null for a link that is spent. */
export async function startAdminSession(c: ConsoleContext, link: string, now: number): Promise<string | null> {
  const { secret, ...start } = await newSession(now);
  const companyId = await enterByLink(openRegistry(c.env), link, start);
  if (companyId !== null) await replaceCookie(c, `${start.id}_${secret}`, now);
  return companyId;
}

/** The session of a request; a cookie that was not sealed here is nothing, and nobody is asked about it. */
export async function readSession(c: ConsoleContext, now: number): Promise<FoundSession> {
  const cookie = await readCookie(c);
  if (cookie === null) return { state: "none" };
  if (await isFlooding(c.env.TOKEN_SHIELD, `session ${cookie.id}`, c.req.url))
    throw new Refused(
      429,
      "Too many requests",
      "This session sends too many. Wait a little, then go on.",
      SHIELD_SECONDS,
    );
  const registry = openRegistry(c.env);
  const row = await findSession(registry, cookie.id);
  if (row === null || !equalsInConstantTime(await sha256Hex(cookie.secret), row.secretHash)) return { state: "none" };
  if (!(await isLive(c.env, row, now))) return { state: "over", wasAdmin: row.companyKey !== null };
  const before = now - SEEN_EVERY;
  // A page is not refused because the moment it was seen cannot be recorded.
  if (row.lastSeenAt < before) await recordSeen(registry, row.id, { now, before }).catch(() => {});
  const { id, companyKey, companyId } = row;
  if (companyKey === null) return { state: "live", session: { id, role: "operator" } };
  return companyId === null ? { state: "none" } : { state: "live", session: { id, role: "admin", companyId } };
}

/** Ends the session of a request: in this browser, and for whoever has a copy of its cookie. Gives what it was. */
export async function leaveSession(c: ConsoleContext, now: number): Promise<FoundSession> {
  const found = await readSession(c, now);
  if (found.state === "live") await endSession(openRegistry(c.env), found.session.id, now);
  setSessionCookie(c, "", 0);
  // Not "cookies": that would take those of every other service under the same domain.
  c.header("Clear-Site-Data", '"cache", "storage"');
  return found;
}

/** The operator's sessions last as long as the key they were begun with. */
async function isLive({ OPERATOR_KEY: key }: Env, row: ConsoleSession, now: number): Promise<boolean> {
  if (row.endedAt !== null || row.expiresAt <= now || row.lastSeenAt <= now - IDLE) return false;
  return row.companyKey !== null || (await keyIdOf(key ?? "")) === row.entry;
}

async function newSession(now: number): Promise<SessionStart & { secret: string }> {
  const secret = randomHex(32);
  return { id: randomHex(12), secret, secretHash: await sha256Hex(secret), now, expiresAt: now + LIFETIME };
}

async function replaceCookie(c: ConsoleContext, body: string, now: number): Promise<void> {
  const before = await readSession(c, now);
  if (before.state === "live") await endSession(openRegistry(c.env), before.session.id, now);
  setSessionCookie(c, await sealText(c.env, "console sessions", body), LIFETIME / 1000);
}

function setSessionCookie(c: ConsoleContext, value: string, maxAge: number): void {
  setCookie(c, COOKIE, value, { path: "/", secure: true, httpOnly: true, sameSite: "Lax", maxAge });
}

async function readCookie(c: ConsoleContext): Promise<{ id: string; secret: string } | null> {
  const text = readSealedText(getCookie(c, COOKIE) ?? "");
  if (text === null || !(await isSealed(c.env, "console sessions", text))) return null;
  const [, id = "", secret = ""] = /^([0-9a-f]{24})_([0-9a-f]{64})$/.exec(text.body) ?? [];
  return id === "" ? null : { id, secret };
}
