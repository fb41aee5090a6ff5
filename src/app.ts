import { askEachDatabase } from "./companies/company-store.ts";
import { systemClock } from "./platform/clock.ts";
import type { Env } from "./platform/env.ts";
import { isFlooding, SHIELD_SECONDS, shieldKeyOf } from "./platform/flood-shield.ts";
import { requestLine } from "./platform/request-log-line.ts";
import { pathOf } from "./platform/request-url.ts";
import { logWeakSecrets } from "./platform/secret-strength.ts";
import { securityTxt } from "./platform/security-txt.ts";
import { isOAuthRequest } from "./scim-api/oauth-paths.ts";
import { scimApi } from "./scim-api/scim-api.ts";
import { isScimRequest } from "./scim-api/scim-endpoint-path.ts";
import { lateDoor, onFirstCall, strictApp } from "./scim-api/strict-app.ts";

const scim = scimApi();
const oauth = onFirstCall(async () => (await import("./scim-api/oauth-api.ts")).oauthApi());
const manage = lateDoor("/api/v1", async () => (await import("./management-api/management-api.ts")).managementApi());
const pages = lateDoor("/console", async () => (await import("./console/console.tsx")).consoleApp());
const others = strictApp();
others.get("/", (context) => context.redirect("/console"));
others.get("/healthz", async (context) => {
  const { ADDRESS_SHIELD: shield, TOKENS } = context.env;
  // Anybody may ask, and each answer costs D1 a query.
  if (await isFlooding(shield, shieldKeyOf(context.req.header("cf-connecting-ip")), context.req.url))
    return context.json({ status: "asked too often" }, 429, { "Retry-After": String(SHIELD_SECONDS) });
  try {
    await askEachDatabase(context.env);
    await TOKENS.get("health");
    return context.json({ status: "ok" });
  } catch {
    const hint = "npx wrangler d1 migrations apply DB --local (or --remote for a deployed Worker)";
    return context.json({ status: "unavailable", hint }, 503, { "Retry-After": "5" });
  }
});
others.get("/.well-known/security.txt", (context) => {
  const text = securityTxt(context.env.SECURITY_CONTACT, new URL(context.req.url).origin, systemClock());
  return text === null ? context.notFound() : context.text(text);
});

function openDoor(url: string) {
  if (isOAuthRequest(url)) return oauth();
  if (isScimRequest(url)) return scim;
  const path = pathOf(url);
  if (path.startsWith("/api/v1")) return manage();
  return path.startsWith("/console") ? pages() : others;
}

/** The whole of Rollcall: the doors under their paths. The SCIM door, which has the traffic, makes its answers complete. */
export const app = {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    const startedAt = systemClock();
    logWeakSecrets(env, startedAt);
    const door = await openDoor(request.url);
    const response = await door.fetch(request, env, context);
    if (env.REQUEST_LOG === "on") console.log(requestLine(request, response, systemClock() - startedAt));
    return response;
  },
};
