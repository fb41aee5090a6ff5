import { createMiddleware } from "hono/factory";
import { isFlooding, SHIELD_SECONDS, shieldKeyOf } from "../platform/flood-shield.ts";
import { equalsInConstantTime } from "../platform/secrets.ts";
import type { ApiEnv } from "./api-env.ts";
import { Problem } from "./problem.ts";

const FORM = /^Bearer +([^ ]+) *$/i;

/**
 * Lets only the operator through. Hono's bearer-auth is not used: it answers a malformed header with 400, and a Worker
 * without OPERATOR_KEY would accept an empty key.
 */
export const requireOperatorKey = createMiddleware<ApiEnv>(async (c, next) => {
  const key = c.env.OPERATOR_KEY ?? "";
  if (key === "")
    throw new Problem(
      "not_configured",
      "OPERATOR_KEY is not set: run `wrangler secret put OPERATOR_KEY`, or put it into .dev.vars for local development.",
    );
  const given = FORM.exec(c.req.header("Authorization") ?? "")?.[1];
  if (given === undefined || !equalsInConstantTime(given, key)) {
    const address = shieldKeyOf(c.req.header("cf-connecting-ip"));
    if (await isFlooding(c.env.ADDRESS_SHIELD, address, c.req.url))
      throw new Problem("rate_limited", "Too many requests without a valid key came from this address.", {
        headers: { "Retry-After": String(SHIELD_SECONDS) },
      });
    throw new Problem("operator_key_required", "Give the operator key as `Authorization: Bearer <OPERATOR_KEY>`.", {
      headers: { "WWW-Authenticate": 'Bearer realm="Rollcall management API"' },
    });
  }
  await next();
});
