import { createMiddleware } from "hono/factory";
import { selectOpenAlertCount } from "../alerts/alert-store.ts";
import { findCompany } from "../companies/company-store.ts";
import { selectOpenHoldCount } from "../holds/open-hold-counts-store.ts";
import { openDatabase } from "../platform/database.ts";
import { runRead, together } from "../platform/read-batch.ts";
import { faultOfSecret, faultOfSecrets } from "../platform/secret-strength.ts";
import { isId } from "../platform/uuid.ts";
import type { ConsoleEnv } from "./console-env.ts";
import { notHere, Refused } from "./refused.ts";
import { href } from "./routes.ts";
import { readSession } from "./session-lifetime.ts";

/** Refuses to run without a long secret to seal sessions with: with one that can be found, anybody could seal their own. */
export const requireSecret = createMiddleware<ConsoleEnv>(async (c, next) => {
  // A Worker that was deployed a moment ago lacks both: whoever opens it is told of both at once.
  if (faultOfSecret(c.env, "SESSION_SECRET") !== null)
    throw new Refused(503, "The console is closed", faultOfSecrets(c.env) ?? "");
  await next();
});

/** Sends those who are not signed in to the sign-in page, and back afterwards; admins whose time is over are told so. */
export const requireSession = createMiddleware<ConsoleEnv>(async (c, next) => {
  const found = await readSession(c, Date.now());
  if (found.state === "over" && found.wasAdmin) return c.redirect(href("signedOut", {}, { over: "yes" }), 303);
  if (found.state !== "live") {
    const { pathname, search } = new URL(c.req.url);
    const back = c.req.method === "GET" ? pathname + search : undefined;
    return c.redirect(href("signIn", {}, { next: back }), 303);
  }
  c.set("session", found.session);
  await next();
});

/** Puts the company of the path into the context; 404 for one that is not there, or not this admin's. */
export const requireCompany = createMiddleware<ConsoleEnv, "/companies/:companyId">(async (c, next) => {
  const id = c.req.param("companyId");
  const { session } = c.var;
  const isAllowed = session.role === "operator" || session.companyId === id;
  const company = isAllowed && isId(id) ? await findCompany(c.env, id) : null;
  if (company === null) throw notHere();
  const database = openDatabase(c.env, company);
  const waiting = { held: selectOpenHoldCount(company.key), alerts: selectOpenAlertCount(company.key) };
  c.set("company", { ...company, ...(await runRead(database, together(waiting))) });
  c.set("database", database);
  await next();
});
