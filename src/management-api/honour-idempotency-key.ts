import { createMiddleware } from "hono/factory";
import { findRequestDone, saveAlone } from "../companies/idempotency-store.ts";
import { sha256Hex } from "../platform/random-and-hash.ts";
import type { ApiEnv } from "./api-env.ts";
import { keptBeside, whereKept } from "./idempotency.ts";
import { invalidInput, Problem } from "./problem.ts";
import { findOperation } from "./refuse-unknown-input.ts";
import { API_BASE } from "./unrouted.ts";

/** Any printable ASCII but blanks; a UUID is usual. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Has a POST with an Idempotency-Key carried out once within a day: what it does is kept in the commit of the act itself, by
 * the statement of `keptBeside` or by the writer. A repeat answers the same resource as it is now, without any secret; another
 * request with the same key is 422, the same one at the same time 409. What is refused is not kept.
 */
export const honourIdempotencyKey = createMiddleware<ApiEnv>(async (c, next) => {
  const key = c.req.method === "POST" ? c.req.header("Idempotency-Key") : undefined;
  if (key === undefined) return next();
  if (!KEY.test(key))
    throw invalidInput([{ pointer: "/Idempotency-Key", detail: "Give up to 255 printable ASCII characters." }]);
  const path = c.req.path.replace(API_BASE, "");
  const hash = await sha256Hex([path, new URL(c.req.url).search, await c.req.text()].join("\n"));
  const { database, companyKey } = whereKept(c);
  const kept = await findRequestDone(database, companyKey, key, Date.now());
  if (kept !== null && kept.requestHash !== hash)
    throw new Problem("key_reused", "This Idempotency-Key was given with another request: give a new one.");
  c.set("replay", kept);
  const status = findOperation(c)?.status ?? 200;
  if (kept === null) c.set("once", { key, hash, status, made: { requestId: c.var.requestId } });
  await next();
  if (c.res.status >= 400) return;
  if (kept !== null) c.header("Idempotency-Replayed", "true");
  // What changes nothing, such as a preview, has no commit to keep it in.
  else if (c.var.once !== null) await saveAlone(database, keptBeside(c));
});
