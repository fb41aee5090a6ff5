import type { Context } from "hono";
import { chargeShare, type ReadInShare, readInShare } from "../companies/read-in-share.ts";
import { SplitReads } from "../companies/split-long-reads.ts";
import type { ApiEnv } from "./api-env.ts";

/** Reads what no index answers within the company's share of its database; 429 `share_used_up` where that is used up. */
export function readInShareFor(c: Context<ApiEnv>): ReadInShare {
  const { company, database } = c.var;
  const keep = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  return (about, read) => readInShare({ env: c.env, companyId: company.id, database, keep }, about, read);
}

/** The same for what has to come to its end once it began: it is charged, and not refused. */
export function endingListOf(c: Context<ApiEnv>): ReadInShare {
  const { company, database } = c.var;
  return (_about, read) => read(new SplitReads(database, (used) => chargeShare(c.env, company.id, used)));
}
