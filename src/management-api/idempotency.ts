import type { Context } from "hono";
import { NO_COMPANY, type Statement, saveIdempotencyKey } from "../companies/idempotency-store.ts";
import { type Database, openRegistry } from "../platform/database.ts";
import type { ApiEnv } from "./api-env.ts";

/** What makes a company or lets somebody into its console is in the registry, all else in the company's own database. */
export function whereKept(c: Context<ApiEnv>): { database: Database; companyKey: number } {
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
export function keptBeside(c: Context<ApiEnv>, when = { ifChanged: false }): Statement[] {
  const { once } = c.var;
  if (once === null) return [];
  c.set("once", null);
  return [saveIdempotencyKey(whereKept(c).companyKey, once, Date.now(), when)];
}
