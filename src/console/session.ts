import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";
import { z } from "zod";
import { isEnded, rememberEnded } from "../companies/ended-session-store.ts";
import { openRegistry } from "../platform/database.ts";
import { isLoopbackHost } from "../platform/loopback.ts";
import { randomSecret } from "../platform/secrets.ts";
import type { ConsoleContext, Session } from "./console-env.ts";
import { BASE } from "./routes.ts";

const COOKIE = "rollcall_session";
const LIFETIME_SECONDS = 12 * 60 * 60;

const always = { id: z.string(), until: z.number() };
const kept = z.discriminatedUnion("role", [
  z.object({ role: z.literal("operator"), ...always }),
  z.object({ role: z.literal("admin"), companyId: z.string(), ...always }),
]);

/** Keeps a session in a signed cookie for twelve hours; the end is signed too, so an old copy is worth nothing. */
export async function startSession(c: ConsoleContext, session: Session, now: number): Promise<void> {
  const url = new URL(c.req.url);
  const value = JSON.stringify({ ...session, id: randomSecret(16), until: now + LIFETIME_SECONDS * 1000 });
  await setSignedCookie(c, COOKIE, value, c.env.SESSION_SECRET, {
    path: BASE,
    httpOnly: true,
    sameSite: "Lax",
    secure: url.protocol === "https:" || !isLoopbackHost(url.hostname),
    maxAge: LIFETIME_SECONDS,
  });
}

/** The session of a request, or null when there is none, its signature is wrong, its time is over or it was signed out. */
export async function findSession(c: ConsoleContext, now: number): Promise<Session | null> {
  const session = await readCookie(c, now);
  return session === null || (await isEnded(openRegistry(c.env), session.id)) ? null : session;
}

/** Ends a session: in this browser, and for whoever has a copy of its cookie. */
export async function endSession(c: ConsoleContext, now: number): Promise<void> {
  const session = await readCookie(c, now);
  if (session !== null) await rememberEnded(openRegistry(c.env), session.id, session.until);
  deleteCookie(c, COOKIE, { path: BASE });
}

async function readCookie(c: ConsoleContext, now: number): Promise<z.output<typeof kept> | null> {
  const value = await getSignedCookie(c, c.env.SESSION_SECRET, COOKIE);
  if (typeof value !== "string") return null;
  const read = kept.safeParse(parseJson(value));
  return read.success && read.data.until > now ? read.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
