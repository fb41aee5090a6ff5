import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import {
  endOtherSessions,
  endSession,
  findSession,
  listSessions,
  type SessionOwner,
} from "../../companies/console-session-store.ts";
import { openRegistry } from "../../platform/database.ts";
import type { ConsoleContext, ConsoleEnv } from "../console-env.ts";
import { notHere } from "../refused.ts";
import { href, ROUTES } from "../routes.ts";
import { IDLE } from "../session-lifetime.ts";
import { DoneNotice } from "../views/done-notice.tsx";
import { showEndingAll, showSessions } from "./sessions-page.tsx";

/** More sessions at once are not shown; ending all ends them too. */
const MOST_SHOWN = 200;

const OPERATOR: SessionOwner = { companyKey: null };

/** The operator's own sessions: where they are signed in, and how that ends. */
export function operatorSessionRoutes() {
  return new Hono<ConsoleEnv>()
    .use(`${ROUTES.operatorSessions}/*`, onlyOperator)
    .get(ROUTES.operatorSessions, async (c) =>
      showSessions(c, await liveSessions(c, OPERATOR), <DoneNotice done={c.req.query("done")} />),
    )
    .get(ROUTES.endOperatorSessions, async (c) => showEndingAll(c, await liveSessions(c, OPERATOR)))
    .post(ROUTES.endOperatorSessions, async (c) => {
      await endOthers(c, OPERATOR);
      return c.redirect(href("operatorSessions", {}, { done: "sessions-ended" }), 303);
    })
    .post(ROUTES.endOperatorSession, async (c) => {
      await endOne(c, OPERATOR, c.req.param("sessionId"));
      return c.redirect(href("operatorSessions", {}, { done: "session-ended" }), 303);
    });
}

/** The sessions of a company's admins. */
export function companySessionRoutes() {
  const ownerOf = (c: ConsoleContext): SessionOwner => ({ companyKey: c.var.company.key });
  return new Hono<ConsoleEnv>()
    .get(ROUTES.sessions, async (c) =>
      showSessions(c, await liveSessions(c, ownerOf(c)), <DoneNotice done={c.req.query("done")} />),
    )
    .get(ROUTES.endSessions, async (c) => showEndingAll(c, await liveSessions(c, ownerOf(c))))
    .post(ROUTES.endSessions, async (c) => {
      await endOthers(c, ownerOf(c));
      return c.redirect(href("sessions", { companyId: c.var.company.id }, { done: "sessions-ended" }), 303);
    })
    .post(ROUTES.endSession, async (c) => {
      await endOne(c, ownerOf(c), c.req.param("sessionId"));
      return c.redirect(href("sessions", { companyId: c.var.company.id }, { done: "session-ended" }), 303);
    });
}

const onlyOperator = createMiddleware<ConsoleEnv>(async (c, next) => {
  if (c.var.session.role !== "operator") throw notHere();
  await next();
});

function liveSessions(c: ConsoleContext, owner: SessionOwner) {
  const now = Date.now();
  return listSessions(openRegistry(c.env), owner, { now, seenAfter: now - IDLE, take: MOST_SHOWN });
}

function endOthers(c: ConsoleContext, owner: SessionOwner): Promise<void> {
  return endOtherSessions(openRegistry(c.env), owner, { but: c.var.session.id, now: Date.now() });
}

/** One that is over already stays as it is; one of somebody else is not here. */
async function endOne(c: ConsoleContext, owner: SessionOwner, id: string): Promise<void> {
  const registry = openRegistry(c.env);
  const session = await findSession(registry, id);
  if (session === null || session.companyKey !== owner.companyKey) throw notHere();
  await endSession(registry, id, Date.now());
}
