import { Hono } from "hono";
import { managementApi } from "./management-api/management-api.ts";
import type { Env } from "./platform/env.ts";
import { scimApi } from "./scim-api/scim-api.ts";

/** The whole of Rollcall: the doors under their paths. */
export const app = new Hono<{ Bindings: Env }>({ strict: false });

app.route("/scim/v2", scimApi());
app.route("/api/v1", managementApi());
app.get("/healthz", async (context) => {
  try {
    await context.env.DB.prepare("SELECT 1 FROM companies LIMIT 1").first();
    await context.env.TOKENS.get("health");
    return context.json({ status: "ok" });
  } catch {
    return context.json({ status: "unavailable", hint: "npx wrangler d1 migrations apply DB --local" }, 503);
  }
});
