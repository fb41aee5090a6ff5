import { type ReadInShare, readInShare, ShareUsedUp } from "../companies/read-in-share.ts";
import { pause } from "../platform/clock.ts";
import type { ConsoleContext } from "./console-env.ts";

/** Reads what no index answers within the company's share of its database; a page that says so where that is used up. */
export function searchOf(c: ConsoleContext): ReadInShare {
  const { company, database } = c.var;
  const keep = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  return (about, read) => readInShare({ env: c.env, companyId: company.id, database, keep }, about, read);
}

/** The same for a download, which has begun and cannot be refused any more: it goes on when there is a share again. */
export function patientSearchOf(c: ConsoleContext): ReadInShare {
  const search = searchOf(c);
  return async (about, read) => {
    for (;;)
      try {
        return await search(about, read);
      } catch (error) {
        if (!(error instanceof ShareUsedUp)) throw error;
        await pause(error.retryAfter * 1_000);
      }
  };
}
