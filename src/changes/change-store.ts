import type { Database } from "../platform/database.ts";

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
const BY_USER = "INDEXED BY changes_by_user";

/**
 * The changes about one enrolment, oldest first: how it began, changed hands and ended. They stand under the users that held
 * it, each of whom the change that gave it to the next one names; the index of changes by user then serves for them too.
 */
export async function listChangesOfEnrolment(
  database: Database,
  companyKey: number,
  about: { userId: string; enrolmentId: string },
): Promise<Change[]> {
  const ofHolders = `holders h CROSS JOIN changes c ${BY_USER}
    ON c.company_key = ?1 AND c.user_id = h.user_id AND c.subject_kind = 'enrolment' AND c.subject_id = ?3`;
  const { results } = await database.d1
    .prepare(
      `WITH RECURSIVE holders(user_id) AS (SELECT ?2 UNION
         SELECT c.data->>'oldUserId' FROM ${ofHolders} AND c.type = 'enrolment.reassigned')
       SELECT c.* FROM ${ofHolders} ORDER BY c.seq`,
    )
    .bind(companyKey, about.userId, about.enrolmentId)
    .all<ChangeRow>();
  return results.map(toChange);
}

/** All changes kept that are about a person, in commit order. */
export async function listChangesOfUser(database: Database, companyKey: number, userId: string): Promise<Change[]> {
  const { results } = await database.d1
    .prepare(`SELECT * FROM changes ${BY_USER} WHERE company_key = ? AND user_id = ? ORDER BY seq`)
    .bind(companyKey, userId)
    .all<ChangeRow>();
  return results.map(toChange);
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
