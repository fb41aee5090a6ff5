import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { findKeptRequest, keepRequest, NO_COMPANY } from "../companies/idempotency-store.ts";
import { type Database, openRegistry } from "../platform/database.ts";
import { sha256Hex } from "../platform/random-and-hash.ts";
import { prepareAll, runBatch } from "../platform/read-batch.ts";
import type { Sql } from "../platform/sql.ts";
import type { ApiEnv } from "./api-env.ts";
import { OPERATIONS } from "./open-api-operations.ts";
import { invalidInput, Problem } from "./problem.ts";
import { API_BASE, formOf } from "./unrouted.ts";

/** Any printable ASCII but blanks; a UUID is usual. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/** The statuses of what POST answers when it did what was asked. */
const STATUSES = OPERATIONS.filter(({ route }) => route.startsWith("POST ")).map(({ route, status }) => ({
  form: formOf(route.slice("POST ".length)),
  status,
}));

/**
 * Has a POST with an Idempotency-Key carried out once within a day: what it does is kept in the commit of the act itself, by
 * the statement of `keptBeside` or by the writer. A repeat answers the same resource as it is now, without any secret; another
 * request with the same key is 422, the same one at the same time 409. What is refused is not kept.
 */
export const takeIdempotencyKey = createMiddleware<ApiEnv>(async (c, next) => {
  const key = c.req.method === "POST" ? c.req.header("Idempotency-Key") : undefined;
  if (key === undefined) return next();
  if (!KEY.test(key))
    throw invalidInput([{ pointer: "/Idempotency-Key", detail: "Give up to 255 printable ASCII characters." }]);
  const path = c.req.path.replace(API_BASE, "");
  const hash = await sha256Hex([path, new URL(c.req.url).search, await c.req.text()].join("\n"));
  const { database, companyKey } = whereKept(c);
  const kept = await findKeptRequest(database, companyKey, key, Date.now());
  if (kept !== null && kept.hash !== hash)
    throw new Problem("key_reused", "This Idempotency-Key was given with another request: give a new one.");
  c.set("replay", kept);
  const status = STATUSES.find(({ form }) => form.test(path))?.status ?? 200;
  if (kept === null) c.set("once", { key, hash, status, made: { requestId: c.var.requestId } });
  await next();
  if (c.res.status >= 400) return;
  if (kept !== null) c.header("Idempotency-Replayed", "true");
  // What changes nothing, such as a preview, has no commit to keep it in.
  else if (c.var.once !== null) await runBatch(database.d1, prepareAll(database.d1, keptBeside(c)));
});

/** What makes a company or lets somebody into its console is in the registry, all else in the company's own database. */
function whereKept(c: Context<ApiEnv>): { database: Database; companyKey: number } {
  const company: ApiEnv["Variables"]["company"] | undefined = c.var.company;
  if (company === undefined) return { database: openRegistry(c.env), companyKey: NO_COMPANY };
  const isOfRegistry = c.req.path.endsWith("/console-links");
  return { database: isOfRegistry ? openRegistry(c.env) : c.var.database, companyKey: company.key };
}

/** The ids that a request gives to what it makes: those of the first time, where it is a repeat. */
export function idsOfMade<Name extends string>(c: Context<ApiEnv>, fresh: Record<Name, string>): Record<Name, string> {
  const { once, replay } = c.var;
  if (once !== null) c.set("once", { ...once, made: { ...once.made, ...fresh } });
  return replay === null ? fresh : { ...fresh, ...replay.made };
}

/** A secret as the answer carries it that makes it; a repeat has none. */
export function onlyOnce(c: Context<ApiEnv>, secret: string): { secret?: string } {
  return c.var.replay === null ? { secret } : {};
}

/** For an act that does not go through the writer: the statements that keep it, for the act's own batch; `ifChanged`, where what the statement before it does may be nothing. */
export function keptBeside(c: Context<ApiEnv>, when = { ifChanged: false }): Sql[] {
  const { once } = c.var;
  if (once === null) return [];
  c.set("once", null);
  return [keepRequest(whereKept(c).companyKey, once, Date.now(), when)];
}
