import { createMiddleware } from "hono/factory";
import { findCompany } from "../companies/company-store.ts";
import { openDatabase } from "../platform/database.ts";
import { isId } from "../platform/ids.ts";
import type { ConsoleEnv } from "./console-env.ts";
import { notHere, Refused } from "./refused.ts";
import { href } from "./routes.ts";
import { findSession } from "./session.ts";

/** Refuses to run without a secret to sign sessions with: an empty one would let everybody sign their own. */
export const requireSecret = createMiddleware<ConsoleEnv>(async (c, next) => {
  if ((c.env.SESSION_SECRET ?? "").length < 16)
    throw new Refused(
      503,
      "No session secret is set",
      "Run `wrangler secret put SESSION_SECRET` with at least 16 random characters, or put it into .dev.vars for local development, then load this page again.",
    );
  await next();
});

/** Sends those who are not signed in to the sign-in page, and back afterwards. */
export const requireSession = createMiddleware<ConsoleEnv>(async (c, next) => {
  const session = await findSession(c, Date.now());
  if (session === null) {
    const { pathname, search } = new URL(c.req.url);
    const back = c.req.method === "GET" ? pathname + search : undefined;
    return c.redirect(href("signIn", {}, { next: back }), 303);
  }
  c.set("session", session);
  await next();
});

/** Puts the company of the path into the context; 404 for one that is not there, or not this admin's. */
export const requireCompany = createMiddleware<ConsoleEnv, "/companies/:companyId">(async (c, next) => {
  const id = c.req.param("companyId");
  const { session } = c.var;
  const isAllowed = session.role === "operator" || session.companyId === id;
  const company = isAllowed && isId(id) ? await findCompany(c.env, id) : null;
  if (company === null) throw notHere();
  c.set("company", company);
  c.set("database", openDatabase(c.env, company));
  await next();
});
