import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { newDraft } from "../log/log-draft.ts";
import { systemClock } from "../platform/clock.ts";
import { newId } from "../platform/uuid.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import { ScimError } from "../scim/scim-error.ts";
import { answerError } from "./answer.ts";
import { STRICT_HEADERS } from "./api-security-headers.ts";
import { addBulkRoutes } from "./bulk-routes.ts";
import { judgeRefused } from "./dead-credential-first.ts";
import { addDiscoveryRoutes } from "./discovery-routes.ts";
import { logAfterAnswer } from "./log-after-answer.ts";
import { limitBody } from "./read-body.ts";
import { admit } from "./refuse-floods.ts";
import { addResourceRoutes } from "./resource-routes.ts";
import type { Door } from "./scim-context.ts";
import { pathWithin } from "./scim-endpoint-path.ts";
import { addSearchRoutes } from "./search-routes.ts";

/** The SCIM door with its route table: it finds its own way from the whole URL, however many slashes that has. */
export function scimApi(): Hono<Door> {
  const app = new Hono<Door>({ getPath: (request) => pathWithin(request.url) });
  app.onError(async (error, c) => answerError(await judgeRefused(error, c), c));
  app.notFound(() => {
    throw new ScimError("no_such_address", "There is nothing at this address. Check the tenant URL in the IdP.");
  });
  app.use(beginRequest, logAfterAnswer, requireToken, limitBody);
  addDiscoveryRoutes(app);
  addSearchRoutes(app);
  addBulkRoutes(app);
  for (const type of Object.values(resourceTypes())) addResourceRoutes(app, type);
  app.all("/Me", () => {
    throw new ScimError("not_offered", "/Me is not offered: a SCIM token stands for a connection, not for a person.");
  });
  return app;
}

/** Gives the request its id, which its answer, its log row and the changes it makes all carry. */
const beginRequest = createMiddleware<Door>(async (c, next) => {
  const now = systemClock();
  const requestId = newId(now);
  c.set("startedAt", now);
  c.set("requestId", requestId);
  c.set("log", newDraft());
  c.set("headers", { ...STRICT_HEADERS, "X-Request-Id": requestId });
  await next();
});

/**
 * Asks every request for a token but one: RFC 7643 section 5 wants clients to learn from ServiceProviderConfig how to
 * authenticate before they do, and it says nothing of any company. With a token it checks it, as connection tests expect.
 */
const requireToken = createMiddleware<Door>(async (c, next) => {
  const header = c.req.header("authorization");
  const isOpen = header === undefined && pathWithin(c.req.url) === "/ServiceProviderConfig";
  if (!isOpen) c.set("identity", await admit(c, header));
  await next();
});
