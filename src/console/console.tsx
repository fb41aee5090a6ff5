import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { newId } from "../platform/uuid.ts";
import { alertRoutes } from "./alerts/alert-routes.tsx";
import { confirmRoutes } from "./alerts/confirm-page.tsx";
import { assetRoutes } from "./assets/assets.ts";
import { accessGate } from "./cloudflare-access.ts";
import { showCompanies } from "./companies-page.tsx";
import type { ConsoleEnv } from "./console-env.ts";
import { showFindings } from "./find/find-page.tsx";
import { groupRoutes } from "./groups/group-routes.tsx";
import { holdRoutes } from "./holds/hold-routes.tsx";
import { showHome } from "./home/home-page.tsx";
import { showMovement } from "./home/moved-people-page.tsx";
import { enterRoutes } from "./link-sign-in.tsx";
import { logRoutes } from "./log/log-routes.tsx";
import { makeCompany } from "./make-company.ts";
import { signInRoutes } from "./operator-sign-in.tsx";
import { noStore, strictHeaders } from "./page-security-headers.ts";
import { peopleRoutes } from "./people/people-routes.tsx";
import { catchRefusal } from "./refusal-page.tsx";
import { notHere, Refused } from "./refused.ts";
import { requireCompany, requireSecret, requireSession } from "./request-guards.ts";
import { ROUTES } from "./routes.ts";
import { requireSameOrigin } from "./same-origin.ts";
import { companySessionRoutes, operatorSessionRoutes } from "./sessions/session-routes.tsx";
import { credentialRoutes } from "./setting/credential-routes.tsx";
import { explainDeletedSetting } from "./setting/deleted-setting-page.tsx";
import { endCredentialRoutes } from "./setting/end-credential-routes.tsx";
import { settingRoutes } from "./setting/setting-routes.tsx";
import { trainingRoutes } from "./trainings/training-routes.tsx";
import { webhookRoutes } from "./webhooks/webhook-routes.tsx";
import { wizardRoutes } from "./wizard/wizard-routes.tsx";

const BODY_LIMIT = 262_144;

/** The company admin's console, to be mounted at `/console`. */
export function consoleApp(): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>({ strict: false });
  app.onError(catchRefusal);
  app.use(nameRequest, strictHeaders, noStore);
  app.route("/assets", assetRoutes());
  app.use(accessGate, requireSecret, requireSameOrigin, bodyLimit({ maxSize: BODY_LIMIT, onError: refuseLargeForm }));
  app.route("/", signInRoutes());
  app.route("/", enterRoutes());
  app.route("/", confirmRoutes());
  app.use(requireSession);
  app.get(ROUTES.companies, (c) => showCompanies(c));
  app.post(ROUTES.companies, makeCompany);
  app.route("/", operatorSessionRoutes());
  app.use(`${ROUTES.company}/*`, requireCompany);
  app.get(ROUTES.company, showHome);
  app.get(ROUTES.movement, showMovement);
  app.get(ROUTES.find, showFindings);
  app.use(ROUTES.setting, explainDeletedSetting);
  app.use(`${ROUTES.setting}/*`, explainDeletedSetting);
  app.route("/", wizardRoutes());
  app.route("/", settingRoutes());
  app.route("/", credentialRoutes());
  app.route("/", endCredentialRoutes());
  app.route("/", peopleRoutes());
  app.route("/", groupRoutes());
  app.route("/", trainingRoutes());
  app.route("/", holdRoutes());
  app.route("/", alertRoutes());
  app.route("/", logRoutes());
  app.route("/", webhookRoutes());
  app.route("/", companySessionRoutes());
  app.all("*", () => {
    throw notHere();
  });
  return app;
}

/** Gives each request an id: it is in the cause of every change the request makes. */
const nameRequest = createMiddleware<ConsoleEnv>(async (c, next) => {
  c.set("requestId", newId(Date.now()));
  await next();
  c.header("X-Request-Id", c.var.requestId);
});

function refuseLargeForm(): never {
  throw new Refused(413, "This form is too large", "Nothing was saved. Send less text at once.");
}
