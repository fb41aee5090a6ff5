import type { Database } from "../platform/database.ts";
import { type Read, rowsOf } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";

/** One entry of the change feed; `data` and `cause` are as the commit wrote them. */
export interface Change {
  seq: number;
  type: string;
  /** Milliseconds since 1970. */
  time: number;
  subject: { kind: string; id: string };
  data: Record<string, unknown>;
  cause: Record<string, unknown>;
}

/** How far a company's feed reaches: the newest change ever made, and the oldest still kept (null when none is). */
export interface FeedBounds {
  head: number;
  oldest: number | null;
}

/** A stretch of the feed, read in one transaction with its bounds. */
export interface FeedStretch {
  changes: Change[];
  bounds: FeedBounds;
}

/** A row of the table `changes`. */
export interface ChangeRow {
  seq: number;
  type: string;
  time: number;
  subject_kind: string;
  subject_id: string;
  data: string;
  cause: string;
}

const BOUNDS = `
SELECT change_seq AS head, (SELECT min(seq) FROM changes WHERE company_key = ?1) AS oldest
FROM companies WHERE company_key = ?1`;

/** Up to `take` changes after `after` in commit order, of all types or of those named. */
export async function readFeed(
  database: Database,
  companyKey: number,
  page: { take: number; after: number; types: readonly string[] | null },
): Promise<FeedStretch> {
  const select = "SELECT * FROM changes WHERE company_key = ?1 AND seq > ?2";
  const ofTypes = page.types === null ? "" : " AND type IN (SELECT value FROM json_each(?4))";
  const changes = database.d1
    .prepare(`${select}${ofTypes} ORDER BY seq LIMIT ?3`)
    .bind(companyKey, page.after, page.take, ...(page.types === null ? [] : [JSON.stringify(page.types)]));
  const bounds = database.d1.prepare(BOUNDS).bind(companyKey);
  // Both columns are integers and both statements read the tables above: the batch's rows have these two shapes.
  const [rows, [bound]] = (await database.d1.batch<ChangeRow | FeedBounds>([changes, bounds])).map(
    (result) => result.results,
  ) as [ChangeRow[], FeedBounds[]];
  return { changes: rows.map(toChange), bounds: bound ?? { head: 0, oldest: null } };
}

/** By itself SQLite would walk the company's whole feed. */
const BY_USER = rawSql("INDEXED BY changes_by_user");

/**
 * Reads the changes about one enrolment, oldest first: how it began, changed hands and ended. They stand under the users
 * that held it, each of whom the change that gave it to the next one names; the index of changes by user then serves for
 * them too.
 */
export function selectChangesOfEnrolment(
  companyKey: number,
  about: { userId: string | Sql; enrolmentId: string },
): Read<Change[]> {
  const ofHolders = sql`holders h CROSS JOIN changes c ${BY_USER} ON c.company_key = ${companyKey}
    AND c.user_id = h.user_id AND c.subject_kind = 'enrolment' AND c.subject_id = ${about.enrolmentId}`;
  return readChanges(sql`WITH RECURSIVE holders(user_id) AS (SELECT ${about.userId} UNION
      SELECT c.data->>'oldUserId' FROM ${ofHolders} AND c.type = 'enrolment.reassigned')
    SELECT c.* FROM ${ofHolders} ORDER BY c.seq`);
}

/** Reads all changes kept that are about a person, in commit order. */
export function selectChangesOfUser(companyKey: number, userId: string): Read<Change[]> {
  return readChanges(
    sql`SELECT * FROM changes ${BY_USER} WHERE company_key = ${companyKey} AND user_id = ${userId} ORDER BY seq`,
  );
}

/** A read of rows of the feed. */
export function readChanges(statement: Sql): Read<Change[]> {
  return { statements: [statement], decode: ([rows]) => rowsOf<ChangeRow>(rows).map(toChange) };
}

/** The newest change ever made in a company: one row read, for a reader that waits. */
export async function findFeedHead(database: Database, companyKey: number): Promise<number> {
  const head = await database.d1
    .prepare("SELECT change_seq FROM companies WHERE company_key = ?")
    .bind(companyKey)
    .first<number>("change_seq");
  return head ?? 0;
}

/** A change as its row tells it. */
export function toChange(row: ChangeRow): Change {
  return {
    seq: row.seq,
    type: row.type,
    time: row.time,
    subject: { kind: row.subject_kind, id: row.subject_id },
    // The writer stores JSON objects in both columns.
    data: JSON.parse(row.data) as Record<string, unknown>,
    cause: JSON.parse(row.cause) as Record<string, unknown>,
  };
}
