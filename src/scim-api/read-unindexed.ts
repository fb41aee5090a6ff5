import type { BoundedReads } from "../companies/bounded-reads.ts";
import { holdShare, ShareUsedUp, type Unindexed } from "../companies/hold-share.ts";
import { type DoorContext, directoryOf } from "./door.ts";

/** Reads what no index answers, within the company's share of the database; 429 where that is used up. */
export function readUnindexed<T>(
  c: DoorContext,
  about: Unindexed,
  read: (reads: BoundedReads) => Promise<T>,
): Promise<T> {
  const holder = {
    env: c.env,
    companyId: c.get("identity").companyId,
    database: directoryOf(c),
    keep: (work: Promise<unknown>) => c.executionCtx.waitUntil(work),
  };
  return holdShare(holder, about, read).catch((error: unknown) => {
    // The row of the first refusal tells of those that follow it: a row for each would cost the database more than the read.
    if (error instanceof ShareUsedUp && error.isRepeated) c.get("log").handedOver = true;
    throw error;
  });
}
