import type { ReadInShare } from "../companies/read-in-share.ts";
import type { Reads } from "../companies/split-long-reads.ts";
import { BYTES_AT_ONCE, bytesOf, type Stretch, selectStretch } from "../platform/byte-budget.ts";
import type { Database } from "../platform/database.ts";
import { type Read, runRead, selectAll, selectFirst, together } from "../platform/read-batch.ts";
import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import type { Change, FeedPlace } from "./change.ts";
import { CHANGE_COLUMNS, changesAbout, REQUEST_ID, readChange } from "./stored-change.ts";

/** What is selected of rows that are read as far as they are read at once. */
const SOME = sql`${CHANGE_COLUMNS}, ${bytesOf(["c.data", "c.cause"])} AS size`;

/**
 * How far a company's feed reaches: the newest change ever made and its mark, the oldest still kept (null when none is), and
 * the mark of the place that was asked about.
 */
interface FeedBounds {
  head: number;
  headMark: string | null;
  oldest: number | null;
  markThere: string | null;
}

/** A stretch of the feed, read in one transaction with its bounds. */
export interface FeedStretch {
  changes: Stretch<Change>;
  bounds: FeedBounds;
}

/** Which stretch of a feed is asked for: `take` changes after `after`, of all types or of those named. */
interface FeedPage {
  take: number;
  after: number;
  types: readonly string[] | null;
}

/** Changes that are looked through for some types as part of every reading: a page costs as much. */
const AT_ONCE = 1_000;
/** Changes that cost as much to look at as a user's document. */
const LIGHTNESS = 5;

const SEARCH = {
  what: "No index answers a search of the change feed by types that are rare in it",
  quick: "At any time: the feed of all types, or what is new since a cursor.",
};

/** A stretch of the feed in commit order; to look far for some types, `readInShare` has to let it. */
export async function readFeed(
  database: Database,
  companyKey: number,
  page: FeedPage,
  readInShare: ReadInShare,
): Promise<FeedStretch> {
  if (page.types === null) {
    const all = sql`FROM changes c WHERE c.company_key = ${companyKey} AND c.seq > ${page.after}
      ORDER BY c.seq LIMIT ${page.take}`;
    return runRead(database, together({ changes: selectSome(all), bounds: selectBounds(companyKey, page.after) }));
  }
  const first = await runRead(database, selectNext(companyKey, page, AT_ONCE));
  return isEnough(first, page) ? first : readInShare(SEARCH, (reads) => lookFurther(reads, companyKey, page, first));
}

/** What was found in some changes, and the last of these; null when no more follow. */
interface Search extends FeedStretch {
  edge: number | null;
}

async function lookFurther(reads: Reads, companyKey: number, page: FeedPage, first: Search): Promise<FeedStretch> {
  let found = first;
  while (!isEnough(found, page)) {
    const rest = { ...page, after: found.edge ?? 0, take: page.take - found.changes.rows.length };
    const next = await reads.run(({ rows }) => selectNext(companyKey, rest, rows * LIGHTNESS));
    const bounds = { ...next.bounds, markThere: first.bounds.markThere };
    found = { ...next, bounds, changes: append(found.changes, next.changes) };
  }
  return found;
}

/** Rows that come to what is read at once are no more of a stretch: the next one begins after them. */
function append(before: Stretch<Change>, next: Stretch<Change>): Stretch<Change> {
  const rows = [...before.rows, ...next.rows];
  const isFull = next.rows.length > 0 && JSON.stringify(rows).length > BYTES_AT_ONCE;
  return { rows, isCut: next.isCut || isFull };
}

function isEnough({ changes: { rows, isCut }, edge }: Search, { take }: FeedPage): boolean {
  return edge === null || isCut || rows.length >= take;
}

/** Looks through the next `rows` changes of a feed. */
function selectNext(companyKey: number, { take, after, types }: FeedPage, rows: number): Read<Search> {
  const near = sql`SELECT seq FROM changes WHERE company_key = ${companyKey} AND seq > ${after} ORDER BY seq LIMIT ${rows}`;
  return together({
    changes: selectSome(sql`FROM (${near}) n CROSS JOIN changes c ON c.company_key = ${companyKey} AND c.seq = n.seq
      WHERE c.type IN (SELECT value FROM json_each(${JSON.stringify(types)})) ORDER BY c.seq LIMIT ${take}`),
    edge: selectFirst(
      sql`SELECT CASE count(*) WHEN ${rows} THEN max(seq) END AS edge FROM (${near})`,
      (row) => (row as { edge: number | null }).edge, // the column of the statement
    ),
    bounds: selectBounds(companyKey, after),
  });
}

/** Reads the bounds of a company's feed, and what is known of the place `asked`. */
function selectBounds(companyKey: number, asked: number): Read<FeedBounds> {
  const bounds = selectFirst(
    sql`SELECT c.change_seq AS head, ${markAt(rawSql("c.change_seq"))} AS headMark, ${markAt(sql`${asked}`)} AS markThere,
      (SELECT min(seq) FROM changes WHERE company_key = ${companyKey}) AS oldest
      FROM companies c WHERE c.company_key = ${companyKey}`,
    (row) => row as FeedBounds, // the columns of the statement
  );
  return {
    ...bounds,
    decode: (results) => bounds.decode(results) ?? { head: 0, headMark: null, oldest: null, markThere: null },
  };
}

/** The mark of a place in the feed of a company `c`, as a piece of SQL: that of the newest purged where nothing is kept. */
export function markAt(seq: Sql): Sql {
  const there = sql`FROM changes x WHERE x.company_key = c.company_key AND x.seq = ${seq}`;
  return sql`CASE WHEN EXISTS (SELECT 1 ${there}) THEN (SELECT x.mark ${there}) WHEN ${seq} > 0 THEN c.purged_mark END`;
}

/** Where the newest change of a company stands. */
export async function findFeedPlace(database: Database, companyKey: number): Promise<FeedPlace> {
  const { head: seq, headMark: mark } = await runRead(database, selectBounds(companyKey, 0));
  return { seq, mark };
}

/** Reads up to `take` changes about a person in commit order, after the one numbered `after`, up to that numbered `head`. */
export function selectChangesOfUser(
  companyKey: number,
  userId: string,
  { take, after, head }: { take: number; after: number; head: number },
): Read<Stretch<Change>> {
  return selectAbout(companyKey, userId, sql`c.seq > ${after} AND c.seq <= ${head}`, sql`seq LIMIT ${take}`);
}

/**
 * Reads up to `take` changes about a person: newest first, those older than the one numbered `after`; or, where there is a
 * `before`, those newer than that one, oldest first.
 */
export function selectHistory(
  companyKey: number,
  userId: string,
  { take, after, before }: { take: number; after: number | null; before: number | null },
): Read<Stretch<Change>> {
  return before === null
    ? selectAbout(companyKey, userId, sql`c.seq < ${after ?? Number.MAX_SAFE_INTEGER}`, sql`seq DESC LIMIT ${take}`)
    : selectAbout(companyKey, userId, sql`c.seq > ${before}`, sql`seq LIMIT ${take}`);
}

function selectAbout(companyKey: number, userId: string, asked: Sql, order: Sql): Read<Stretch<Change>> {
  const parts = changesAbout(companyKey, sql`${userId}`).map(
    ({ table, condition }) => sql`SELECT ${SOME} FROM ${table} WHERE ${condition} AND ${asked}`,
  );
  return selectStretch(sql`${joinSql(parts, " UNION ALL ")} ORDER BY ${order}`, readChange);
}

/** Commits of a request are looked for up to this long after it (ms). */
const PATIENCE = 60_000;

/** Reads up to `take` changes that one request made, which came at `time` (ms, or a piece of SQL for it). */
export function selectChangesOfRequest(
  companyKey: number,
  request: { id: string; time: number | Sql },
  take: number,
): Read<Stretch<Change>> {
  const { id, time } = request;
  return selectSome(sql`FROM changes c WHERE c.company_key = ${companyKey} AND c.seq >= ${firstSince(companyKey, time)}
    AND c.seq < ${firstSince(companyKey, sql`(${time} + ${PATIENCE})`)}
    AND ${REQUEST_ID} = ${id} ORDER BY c.seq LIMIT ${take}`);
}

/** The place of the first change at or after a time, found by halving: times follow the order of commits, and numbers have no gaps. */
export function firstSince(companyKey: number, time: number | Sql): Sql {
  const inTheMiddle = sql`(SELECT time FROM changes WHERE company_key = ${companyKey} AND seq = (low + high) / 2)`;
  return sql`(WITH RECURSIVE halves(low, high) AS (
  SELECT coalesce((SELECT min(seq) FROM changes WHERE company_key = ${companyKey}), 1),
    (SELECT change_seq + 1 FROM companies WHERE company_key = ${companyKey})
  UNION ALL
  SELECT CASE WHEN ${inTheMiddle} < ${time} THEN (low + high) / 2 + 1 ELSE low END,
    CASE WHEN ${inTheMiddle} < ${time} THEN high ELSE (low + high) / 2 END
  FROM halves WHERE low < high
)
SELECT max(low) FROM halves)`;
}

/** Reads the changes that `rest`, all that follows the SELECT, gives of the feed as `c`. */
export function selectChanges(rest: Sql, before: Sql = rawSql("")): Read<Change[]> {
  return selectAll(sql`${before} SELECT ${CHANGE_COLUMNS} ${rest}`, readChange);
}

/** Reads the changes that `rest`, which ends in an order and a limit, gives of the feed as `c`, as far as they are read at once. */
export function selectSome(rest: Sql): Read<Stretch<Change>> {
  return selectStretch(sql`SELECT ${SOME} ${rest}`, readChange);
}

/** Reads the number of the newest change ever made in a company. */
export function selectFeedHead(companyKey: number): Read<number> {
  const statement = sql`SELECT change_seq FROM companies WHERE company_key = ${companyKey}`;
  const read = selectFirst(statement, (row) => row as { change_seq: number }); // the column of the statement
  return { ...read, decode: (results) => read.decode(results)?.change_seq ?? 0 };
}

/** The newest change ever made in a company: one row read, for a reader that waits. */
export function findFeedHead(database: Database, companyKey: number): Promise<number> {
  return runRead(database, selectFeedHead(companyKey));
}
