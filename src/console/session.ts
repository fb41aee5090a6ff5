import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";
import { z } from "zod";
import { isLoopback } from "../platform/flood-shield.ts";
import type { ConsoleContext } from "./console-env.ts";
import { BASE } from "./routes.ts";

/** Who is signed in: the operator, who sees all companies, or the admin of one. */
export type Session = { role: "operator" } | { role: "admin"; companyId: string };

const COOKIE = "rollcall_session";
const LIFETIME_SECONDS = 12 * 60 * 60;

const kept = z.discriminatedUnion("role", [
  z.object({ role: z.literal("operator"), until: z.number() }),
  z.object({ role: z.literal("admin"), companyId: z.string(), until: z.number() }),
]);

/** Keeps a session in a signed cookie for twelve hours; the end is signed too, so an old copy is worth nothing. */
export async function startSession(c: ConsoleContext, session: Session, now: number): Promise<void> {
  const value = JSON.stringify({ ...session, until: now + LIFETIME_SECONDS * 1000 });
  await setSignedCookie(c, COOKIE, value, c.env.SESSION_SECRET, {
    path: BASE,
    httpOnly: true,
    sameSite: "Lax",
    secure: new URL(c.req.url).protocol === "https:" || !isLoopback(c.req.url),
    maxAge: LIFETIME_SECONDS,
  });
}

/** The session of a request, or null when there is none, its signature is wrong or its time is over. */
export async function findSession(c: ConsoleContext, now: number): Promise<Session | null> {
  const value = await getSignedCookie(c, c.env.SESSION_SECRET, COOKIE);
  if (typeof value !== "string") return null;
  const read = kept.safeParse(parseJson(value));
  return read.success && read.data.until > now ? read.data : null;
}

/** Ends a session in this browser. */
export function endSession(c: ConsoleContext): void {
  deleteCookie(c, COOKIE, { path: BASE });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
