import type { Database } from "../platform/database.ts";
import { type Read, runRead } from "../platform/read-batch.ts";
import type { ReadInShare, Unindexed } from "./read-in-share.ts";
import type { Reads } from "./split-long-reads.ts";

/** What was found among some rows, and the key of the last of these; null when no more follow. */
export interface Found<Row> {
  rows: Row[];
  edge: number | null;
}

/** A page of what is searched for, after a key or from the start. */
export interface SearchedPage {
  take: number;
  after: number | null;
}

/** Rows that are looked through as part of every search: a page costs as much. */
const AT_ONCE = 500;

/**
 * Looks through a list for up to `take` rows: at its next rows always, and further as `readInShare` lets it. `select` gives
 * the read of some `rows` from a page on.
 */
export async function searchFurther<Row>(
  { database, readInShare, about }: { database: Database; readInShare: ReadInShare; about: Unindexed },
  page: SearchedPage,
  select: (page: SearchedPage, rows: number) => Read<Found<Row>>,
): Promise<Row[]> {
  const first = await runRead(database, select(page, AT_ONCE));
  if (isEnough(first, page)) return first.rows;
  return readInShare(about, (reads) => searchOn(reads, page, select, first));
}

/** Looks through a list for up to `take` rows, stretch by stretch, from a page on or from what was `found` of it already. */
export async function searchOn<Row>(
  reads: Reads,
  page: SearchedPage,
  select: (page: SearchedPage, rows: number) => Read<Found<Row>>,
  found?: Found<Row>,
): Promise<Row[]> {
  let all = found ?? (await reads.run(({ rows }) => select(page, rows)));
  while (!isEnough(all, page)) {
    const rest = { take: page.take - all.rows.length, after: all.edge };
    const next = await reads.run(({ rows }) => select(rest, rows));
    all = { rows: [...all.rows, ...next.rows], edge: next.edge };
  }
  return all.rows;
}

function isEnough({ rows, edge }: Found<unknown>, { take }: SearchedPage): boolean {
  return edge === null || rows.length >= take;
}
