import { createMiddleware } from "hono/factory";
import { hasCompanies } from "../companies/company-store.ts";
import { refuseWrongKey } from "../companies/throttle-wrong-operator-keys.ts";
import { equalsInConstantTime } from "../platform/constant-time.ts";
import { isFlooding, SHIELD_SECONDS } from "../platform/flood-shield.ts";
import { faultOfSecret } from "../platform/secret-strength.ts";
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
  const given = FORM.exec(c.req.header("Authorization") ?? "")?.[1] ?? "";
  if (!equalsInConstantTime(given, c.env.OPERATOR_KEY)) {
    const address = c.req.header("cf-connecting-ip");
    const seconds = await refuseWrongKey(c.env, { given, address, requestUrl: c.req.url, now: Date.now() });
    if (seconds !== null) throw tooMany("Too many requests without a valid key came from this address.", seconds);
    throw new Problem("operator_key_required", "Give the operator key as `Authorization: Bearer <OPERATOR_KEY>`.", {
      headers: { "WWW-Authenticate": 'Bearer realm="Rollcall management API"' },
    });
  }
  if (await isFlooding(c.env.TOKEN_SHIELD, "operator key", c.req.url))
    throw tooMany(
      "The operator key sends too many requests. Nothing was done; send the request again later.",
      SHIELD_SECONDS,
    );
  const weakness = faultOfSecret(c.env, "SESSION_SECRET");
  if (weakness !== null && !(await hasCompanies(c.env))) throw new Problem("not_configured", weakness);
  await next();
});

function tooMany(detail: string, seconds: number): Problem {
  return new Problem("rate_limited", detail, { headers: { "Retry-After": String(seconds) } });
}
