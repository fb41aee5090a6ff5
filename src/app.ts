import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { consoleApp } from "./console/console.tsx";
import { managementApi } from "./management-api/management-api.ts";
import { systemClock } from "./platform/clock.ts";
import { listShards, openDatabase } from "./platform/database.ts";
import type { Env } from "./platform/env.ts";
import { isFlooding, SHIELD_SECONDS, shieldKeyOf } from "./platform/flood-shield.ts";
import { requestLine } from "./platform/request-line.ts";
import { scimApi } from "./scim-api/scim-api.ts";

/** The whole of Rollcall: the doors under their paths. */
export const app = new Hono<{ Bindings: Env }>({
  // A tenant URL pasted with a slash too many must not be redirected: IdPs drop the body or the token on the way.
  getPath: (request) => new URL(request.url).pathname.replace(/\/{2,}/g, "/").replace(/(.)\/$/, "$1"),
});

app.use(async (context, next) => {
  const startedAt = systemClock();
  await next();
  if (!context.res.headers.has("Cache-Control")) context.header("Cache-Control", "no-store");
  if (context.env.REQUEST_LOG === "on")
    console.log(requestLine(context.req.raw, context.res, systemClock() - startedAt));
});
// What a door says itself stays: the console allows its own scripts and styles, and lets versioned assets be kept.
app.use(
  secureHeaders({
    overwrite: false,
    strictTransportSecurity: "max-age=63072000; includeSubDomains",
    xFrameOptions: "DENY",
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  }),
);
app.route("/scim/v2", scimApi());
app.route("/api/v1", managementApi());
app.route("/console", consoleApp());
app.get("/healthz", async (context) => {
  const { ADDRESS_SHIELD: shield, TOKENS } = context.env;
  // Anybody may ask, and each answer costs D1 a query.
  if (await isFlooding(shield, shieldKeyOf(context.req.header("cf-connecting-ip")), context.req.url))
    return context.json({ status: "asked too often" }, 429, { "Retry-After": String(SHIELD_SECONDS) });
  try {
    for (const shard of listShards(context.env))
      await openDatabase(context.env, { shard }).d1.prepare("SELECT 1 FROM companies LIMIT 1").first();
    await TOKENS.get("health");
    return context.json({ status: "ok" });
  } catch {
    return context.json({ status: "unavailable", hint: "npx wrangler d1 migrations apply DB --local" }, 503, {
      "Retry-After": "5",
    });
  }
});
