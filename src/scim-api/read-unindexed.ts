import { readInShare, type Unindexed } from "../companies/read-in-share.ts";
import type { Reads } from "../companies/split-long-reads.ts";
import { type DoorContext, directoryOf } from "./scim-context.ts";

/** Reads what no index answers, within the company's share of the database; 429 where that is used up. */
export function readUnindexed<T>(c: DoorContext, about: Unindexed, read: (reads: Reads) => Promise<T>): Promise<T> {
  const asking = {
    env: c.env,
    companyId: c.get("identity").companyId,
    database: directoryOf(c),
    keep: (work: Promise<unknown>) => c.executionCtx.waitUntil(work),
  };
  return readInShare(asking, about, read);
}
