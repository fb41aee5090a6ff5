import { createMiddleware } from "hono/factory";
import { hasCompanies } from "../companies/company-store.ts";
import { isFlooding, SHIELD_SECONDS, shieldKeyOf } from "../platform/flood-shield.ts";
import { equalsInConstantTime } from "../platform/secrets.ts";
import { faultOfSecret } from "../platform/weak-secrets.ts";
import type { ApiEnv } from "./api-env.ts";
import { Problem } from "./problem.ts";

const FORM = /^Bearer +([^ ]+) *$/i;

/**
 * Lets only the operator through, and nobody while OPERATOR_KEY can be guessed. A new deployment must have a long
 * SESSION_SECRET as well; where companies are, their platform goes on. Hono's bearer-auth is not used: it answers a
 * malformed header with 400, and a Worker without OPERATOR_KEY would accept an empty key.
 */
export const requireOperatorKey = createMiddleware<ApiEnv>(async (c, next) => {
  const fault = faultOfSecret(c.env, "OPERATOR_KEY");
  if (fault !== null) throw new Problem("not_configured", fault);
  const given = FORM.exec(c.req.header("Authorization") ?? "")?.[1];
  if (given === undefined || !equalsInConstantTime(given, c.env.OPERATOR_KEY)) {
    const address = shieldKeyOf(c.req.header("cf-connecting-ip"));
    if (await isFlooding(c.env.ADDRESS_SHIELD, address, c.req.url))
      throw new Problem("rate_limited", "Too many requests without a valid key came from this address.", {
        headers: { "Retry-After": String(SHIELD_SECONDS) },
      });
    throw new Problem("operator_key_required", "Give the operator key as `Authorization: Bearer <OPERATOR_KEY>`.", {
      headers: { "WWW-Authenticate": 'Bearer realm="Rollcall management API"' },
    });
  }
  const weakness = faultOfSecret(c.env, "SESSION_SECRET");
  if (weakness !== null && !(await hasCompanies(c.env))) throw new Problem("not_configured", weakness);
  await next();
});
