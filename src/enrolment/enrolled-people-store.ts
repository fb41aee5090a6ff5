import type { ReadInShare } from "../companies/read-in-share.ts";
import type { Found, SearchedPage } from "../companies/search-through-list.ts";
import { type Person, selectPeople } from "../directory/listed-person.ts";
import { listPeople, readAllPeople } from "../directory/people-list-store.ts";
import { isDown, positionOfPerson } from "../directory/people-order.ts";
import type { PeoplePage, PeopleQuery } from "../directory/people-walk.ts";
import type { Stretch } from "../platform/byte-budget.ts";
import type { Database } from "../platform/database.ts";
import type { Position } from "../platform/list-position.ts";
import { NOTHING, type Read, runRead, selectAll, selectFirst, together } from "../platform/read-batch.ts";
import { rawSql, sql } from "../platform/sql.ts";

/** People by how they are enrolled in an item. */
export type EnrolledQuery = PeopleQuery & Required<Pick<PeopleQuery, "enrolment">>;

const ABOUT = {
  what: "Many members of the target groups that enrol in this are not enrolled themselves, and no index leaves them out",
  quick: "At any time: the list of trainings.",
};

/** Members of target groups that are looked at as part of every reading, beyond those that fill the page. */
const SPARE = 20;
const MOST_AT_ONCE = 2_000;

/**
 * Up to `take` people after a position who are so enrolled. Those enrolled now, in the order they were added, are found by
 * the target groups that enrol them, whatever their number; others are searched for as `readInShare` lets it.
 */
export async function listEnrolledPeople(
  database: Database,
  companyKey: number,
  query: EnrolledQuery,
  page: PeoplePage,
  readInShare: ReadInShare,
): Promise<Stretch<Person>> {
  if (!isByGroups(query)) return listPeople(database, companyKey, query, page, NOTHING, readInShare);
  const isDescending = isDown({ order: query.order, isBack: page.isBack });
  const select = (next: SearchedPage, rows: number) =>
    selectHolders(companyKey, query.enrolment, { ...next, isDescending }, rows);
  const start = { take: page.take, after: page.after?.key ?? null };
  let found = await runRead(database, select(start, page.take + SPARE));
  const isEnough = () => found.edge === null || found.rows.length >= page.take;
  if (!isEnough())
    await readInShare(ABOUT, async (reads) => {
      while (!isEnough()) {
        const rest = { take: page.take - found.rows.length, after: found.edge };
        const next = await reads.run(({ rows }) => select(rest, Math.min(rows, MOST_AT_ONCE)));
        found = { rows: [...found.rows, ...next.rows], edge: next.edge };
      }
    });
  const people = await runRead(database, selectPeople(companyKey, found.rows));
  const byKey = new Map(people.map((person) => [person.key, person]));
  return { rows: found.rows.flatMap((key) => byKey.get(key) ?? []), isCut: false };
}

/** People of one stretch of a download. */
const OF_ALL = 1_500;

/** All such people, stretch by stretch, with as few queries as they need: each call gives the next of them, and none after the last. */
export async function readAllEnrolledPeople(
  database: Database,
  companyKey: number,
  query: EnrolledQuery,
  readInShare: ReadInShare,
): Promise<() => Promise<Person[]>> {
  if (!isByGroups(query)) return readAllPeople(database, companyKey, query, readInShare);
  let after: Position | null = null;
  return async () => {
    const { rows } = await listEnrolledPeople(database, companyKey, query, { take: OF_ALL, after }, readInShare);
    const last = rows.at(-1);
    if (last !== undefined) after = positionOfPerson(last);
    return rows;
  };
}

/** Whether the target groups that enrol lead to all who are asked for. */
function isByGroups({ search, enrolment, order }: EnrolledQuery): boolean {
  return enrolment.state === "active" && search === "" && order.endsWith("added");
}

/** The users, by their keys, who hold an enrolment in an item: among the next `rows` members of the groups that give it. */
function selectHolders(
  companyKey: number,
  { kind, itemId }: EnrolledQuery["enrolment"],
  { take, after, isDescending }: SearchedPage & { isDescending: boolean },
  rows: number,
): Read<Found<number>> {
  const [direction, beyond] = isDescending ? [rawSql("DESC"), rawSql("<")] : [rawSql("ASC"), rawSql(">")];
  const isAfter = after === null ? rawSql("TRUE") : sql`m.user_key ${beyond} ${after}`;
  // Of each group no more than the page could show: the sum of all is ordered then.
  const near = sql`SELECT DISTINCT j.value AS k FROM auto_enrolments a, json_each((SELECT json_group_array(k) FROM (
      SELECT DISTINCT m.user_key AS k FROM target_group_members m WHERE m.target_group_key = a.target_group_key AND ${isAfter}
      ORDER BY m.user_key ${direction} LIMIT ${rows}))) j
    WHERE a.company_key = ${companyKey} AND a.kind = ${kind} AND a.item_id = ${itemId} ORDER BY k ${direction} LIMIT ${rows}`;
  return together({
    rows: selectAll(
      sql`SELECT n.k FROM (${near}) n WHERE EXISTS (SELECT 1 FROM enrolments e WHERE e.user_key = n.k AND e.kind = ${kind}
        AND e.item_id = ${itemId} AND e.status = 'active' AND e.given = 1) ORDER BY n.k ${direction} LIMIT ${take}`,
      (row) => (row as { k: number }).k, // the column of the statement
    ),
    edge: selectFirst(
      sql`SELECT CASE count(*) WHEN ${rows} THEN ${rawSql(isDescending ? "min" : "max")}(k) END AS edge FROM (${near})`,
      (row) => (row as { edge: number | null }).edge, // the column of the statement
    ),
  });
}
