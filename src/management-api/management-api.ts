import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { publicOrigin } from "../platform/public-origin.ts";
import { newId } from "../platform/uuid.ts";
import { requireOperatorKey } from "./admit-operator.ts";
import { alertChannelRoutes, alertRoutes, plannedWorkRoutes } from "./alerts.ts";
import type { ApiEnv } from "./api-env.ts";
import { autoEnrolmentRoutes } from "./auto-enrolments.ts";
import { catalogueRoutes } from "./catalogue.ts";
import { changeRoutes } from "./changes.ts";
import { companyRoutes } from "./companies.ts";
import { quotaRoutes } from "./company-quotas.ts";
import { consoleLinkRoutes } from "./console-links.ts";
import { enrolmentRoutes } from "./enrolments.ts";
import { holdRoutes } from "./holds.ts";
import { honourIdempotencyKey } from "./honour-idempotency-key.ts";
import { trustRoutes } from "./issuer-trusts.ts";
import { logRoutes, settingLogRoutes } from "./log.ts";
import { clientRoutes } from "./oauth-clients.ts";
import { printApi } from "./open-api/open-api.ts";
import { catchProblem, Problem } from "./problem.ts";
import { explainProblem } from "./problem-words.ts";
import { progressRoutes } from "./progress.ts";
import { refuseUnknownInput } from "./refuse-unknown-input.ts";
import { reportRoutes } from "./reports.ts";
import { requireCompany } from "./require-company.ts";
import { requireJson } from "./require-json.ts";
import { scimSettingRoutes } from "./scim-settings.ts";
import { settingActionRoutes } from "./setting-actions.ts";
import { snapshotRoutes } from "./snapshot.ts";
import { targetGroupRoutes } from "./target-groups.ts";
import { fieldRoutes } from "./target-user-fields.ts";
import { targetUserRoutes } from "./target-users.ts";
import { tokenRoutes } from "./tokens.ts";
import { refuseUnrouted } from "./unrouted.ts";
import { webhookDeliveryRoutes } from "./webhook-deliveries.ts";
import { webhookRoutes } from "./webhooks.ts";

const BODY_LIMIT = 1_048_576;

/** The management API, to be mounted at `/api/v1`. */
export function managementApi(): Hono<ApiEnv> {
  const api = new Hono<ApiEnv>();
  api.onError(catchProblem);
  api.use(nameRequest);
  api.get("/openapi.json", (c) => c.body(printApi(c.var.origin), 200, { "Content-Type": "application/json" }));
  api.get("/problems/:code", (c) => {
    const words = explainProblem(c.req.param("code"));
    if (words === null) throw new Problem("no_such_address", "There is no such code of a problem.");
    return c.text(words);
  });
  api.use(requireOperatorKey);
  api.use(bodyLimit({ maxSize: BODY_LIMIT, onError: refuseLargeBody }));
  api.use(requireJson);
  api.use(refuseUnknownInput);
  api.use("/companies/:companyId/*", requireCompany);
  api.use(honourIdempotencyKey);
  api.route("/companies", companyRoutes());
  api.route("/companies/:companyId/quotas", quotaRoutes());
  api.route("/companies/:companyId/fields", fieldRoutes());
  api.route("/companies/:companyId/scim-settings", scimSettingRoutes());
  api.route("/companies/:companyId/scim-settings", settingActionRoutes());
  api.route("/companies/:companyId/scim-settings", tokenRoutes());
  api.route("/companies/:companyId/scim-settings", clientRoutes());
  api.route("/companies/:companyId/scim-settings", trustRoutes());
  api.route("/companies/:companyId/scim-settings", settingLogRoutes());
  api.route("/companies/:companyId/target-users", targetUserRoutes());
  api.route("/companies/:companyId/target-groups", targetGroupRoutes());
  api.route("/companies/:companyId/target-groups", autoEnrolmentRoutes());
  api.route("/companies/:companyId/enrolments", progressRoutes());
  api.route("/companies/:companyId/enrolments", enrolmentRoutes());
  api.route("/companies/:companyId/catalogue", catalogueRoutes());
  api.route("/companies/:companyId/holds", holdRoutes());
  api.route("/companies/:companyId/alerts", alertRoutes());
  api.route("/companies/:companyId/alert-channels", alertChannelRoutes());
  api.route("/companies/:companyId/planned-work", plannedWorkRoutes());
  api.route("/companies/:companyId/changes", changeRoutes());
  api.route("/companies/:companyId/snapshot", snapshotRoutes());
  api.route("/companies/:companyId/reports", reportRoutes());
  api.route("/companies/:companyId/webhooks", webhookRoutes());
  api.route("/companies/:companyId/webhooks", webhookDeliveryRoutes());
  api.route("/companies/:companyId/log", logRoutes());
  api.route("/companies/:companyId/console-links", consoleLinkRoutes());
  api.all("*", refuseUnrouted(api.routes));
  return api;
}

/** Gives each request an id: it is in X-Request-Id and in the cause of every change the request makes. */
const nameRequest = createMiddleware<ApiEnv>(async (c, next) => {
  c.set("requestId", newId(Date.now()));
  c.set("origin", publicOrigin(c.env, c.req.url));
  c.set("once", null);
  c.set("replay", null);
  await next();
  c.header("X-Request-Id", c.var.requestId);
});

function refuseLargeBody(): never {
  throw new Problem("body_too_large", "The body is larger than 1 MB.");
}
