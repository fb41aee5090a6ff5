import { DAY } from "./clock.ts";
import type { Database } from "./database.ts";
import { runRead, selectValues, sendBatch } from "./read-batch.ts";
import { literal, type Sql, sql } from "./sql.ts";

/** Owners that one purge looks at, and how many of them one batch deletes for: short ones let other requests in between. */
const OWNERS = 500;
const AT_ONCE = 10;
/** Statements of one purge, well below what D1 allows one invocation: what is left over is for the next purge. */
const MOST_STATEMENTS = 600;

/** Rows that grow at one end, in a line of their own for each owner (a company, a webhook). */
export interface GrowingRows {
  /** Gives `owner` (a key) and `oldest` (the time of its oldest row, ms since 1970) of everyone that has rows. */
  owners: Sql;
  /** Deletes the rows of an owner made before `olderThan` (ms since 1970) from the old end, at most `chunk`. */
  remove(owner: number, olderThan: number): Sql;
  /** Keeps, just before, what has to be known of the rows that go. */
  keep?(owner: number, olderThan: number): Sql;
  chunk: number;
}

/**
 * Deletes the rows made before `olderThan` (ms since 1970); gives how many. Those who have the oldest rows come first, so
 * that nobody is left out however many there are; very much to delete takes several calls.
 */
export async function purge(
  { d1 }: Database,
  { owners, remove, keep, chunk }: GrowingRows,
  olderThan: number,
): Promise<number> {
  const oldest = sql`SELECT owner FROM (${owners}) WHERE oldest < ${olderThan} ORDER BY oldest LIMIT ${literal(OWNERS)}`;
  const due = await runRead({ d1 }, selectValues<number>(oldest));
  const statements = [keep, remove].flatMap((make) => make ?? []);
  let purged = 0;
  for (let asked = 0; due.length > 0 && asked < MOST_STATEMENTS; asked += AT_ONCE * statements.length) {
    const batch = due.splice(0, AT_ONCE);
    const answers = await sendBatch(
      d1,
      batch.flatMap((owner) => statements.map((make) => make(owner, olderThan))),
    );
    const removed = answers.filter((_, index) => (index + 1) % statements.length === 0);
    for (const [index, { meta }] of removed.entries()) {
      purged += meta.changes;
      const owner = batch[index];
      if (meta.changes === chunk && owner !== undefined) due.push(owner);
    }
  }
  return purged;
}

/**
 * A retention in milliseconds, from the text of the variable `name` (days) or, when it says nothing, from `usual` (days).
 * @throws RangeError when it is no number of days above 0
 */
export function readDays(name: string, text: string | undefined, usual: number): number {
  const days = text === undefined || text === "" ? usual : Number(text);
  if (!Number.isFinite(days) || days <= 0) throw new RangeError(`${name} is "${text}": give a number of days above 0.`);
  return days * DAY;
}
