import { type Bounds, indexedReads, type Reads } from "../companies/bounded-reads.ts";
import { MergedWalks } from "../companies/merged-walks.ts";
import type { ReadInShare } from "../companies/read-in-share.ts";
import { bytesOf, type Stretch } from "../platform/byte-budget.ts";
import { columnsOf } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import { type Position, resumeValue, toPosition } from "../platform/list-position.ts";
import { type Read, rowsOf, runRead, selectAll, together } from "../platform/read-batch.ts";
import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import { compareCodePoints } from "../scim/compare-code-points.ts";
import { selectNames, walkEachSetting } from "../settings/merge-rows-of-settings.ts";
import { type EnrolmentFilter, isEnrolled } from "./enrolled-people.ts";
import { keysOf } from "./fold-key.ts";
import { hasWords } from "./people-words.ts";
import { isSeen, isSeenIn, SHOWS_PEOPLE } from "./seen-people.ts";
import { users } from "./tables.ts";
import { IS_BEING_REMOVED, IS_MANAGED, ORIGIN, readOrigin } from "./user-origin.ts";

/** The orders a list of people has; each follows an index of every setting's people. */
export type PeopleOrder = "name" | "-name" | "added" | "-added";

/** Each order the other way round, by which the page before a place is read. */
export const OPPOSITE_PEOPLE: Record<PeopleOrder, PeopleOrder> = {
  ...{ name: "-name", "-name": "name", added: "-added", "-added": "added" },
};

/** Which people a list shows, and in what order. */
export interface PeopleQuery {
  /** Part of a user name, e-mail address, name or display name. */
  search: string;
  status: "active" | "inactive" | null;
  settingId: string | null;
  /** Only those whose setting was deleted. */
  isUnmanaged: boolean;
  /** Also those in shadow, whom the target side does not know. */
  inShadowToo?: boolean;
  /** Only those who are so enrolled. */
  enrolment?: EnrolmentFilter;
  /** Only those who are in the target group of this key. */
  memberOf?: number;
  order: PeopleOrder;
}

const COLUMNS = columnsOf(users, "u", [
  "key",
  "id",
  "userName",
  "userNameKey",
  "active",
  "email",
  "firstName",
  "lastName",
  "department",
  "createdAt",
]);

/** A person in a list; times in milliseconds. */
export type Person = ReturnType<typeof readPerson>;

const SIZE = bytesOf(["u.user_name", "u.user_name_key", "u.email", "u.first_name", "u.last_name", "u.department"]);

const UP = rawSql("ASC");
const DOWN = rawSql("DESC");
const NAME = rawSql("u.user_name_key");
const ID = rawSql("u.id");
const ORDERS = {
  name: { column: NAME, direction: UP, beyond: rawSql(">") },
  "-name": { column: NAME, direction: DOWN, beyond: rawSql("<") },
  added: { column: ID, direction: UP, beyond: rawSql(">") },
  "-added": { column: ID, direction: DOWN, beyond: rawSql("<") },
} as const;

/** People in the index of names that cost as much to look at as a document. */
const LIGHTNESS = 10;

/** What no index answers of a list of people. */
const SEARCH = {
  what: "No index answers a search of people by parts of words, by status, by what they are enrolled in, or by a target group in which there are many",
  quick: "At any time: the list of people without any.",
};

/**
 * The people of a company in a list: up to `take` after a position, and what else is to be read in the same moment. What is
 * searched for, or left out, is read as `readInShare` lets it.
 */
export async function listPeople<Beside>(
  database: Database,
  companyKey: number,
  query: PeopleQuery,
  page: { take: number; after: Position | null },
  beside: Read<Beside>,
  readInShare: ReadInShare,
): Promise<Stretch<Person> & { beside: Beside }> {
  const { which, tests, ...walk } = planList(companyKey, query, page);
  const read = (reads: Reads) => walkEachSetting(reads, companyKey, which, { ...walk, beside });
  return tests.length === 0 ? read(indexedReads(database)) : readInShare(SEARCH, read);
}

/** People that one statement of a download reads: more where each statement is charged to the company's share. */
const AT_ONCE = { list: 900, search: 2_000 };

/**
 * All people of such a list, stretch by stretch, with as few queries as they need: a request may ask D1 only so many. Each call
 * gives the next of them, and none after the last.
 */
export async function readAllPeople(
  database: Database,
  companyKey: number,
  query: PeopleQuery,
  readInShare: ReadInShare,
): Promise<() => Promise<Person[]>> {
  const take = testsOf(companyKey, query).length === 0 ? AT_ONCE.list : AT_ONCE.search;
  const { which, tests, ...walk } = planList(companyKey, query, { take, after: null });
  const settings = await runRead(database, selectNames(companyKey, which));
  const people = new MergedWalks<Person, string>(
    settings.map(({ key }) => ({
      select: (after, bounds) => walk.select(key, after, bounds),
      end: (after, bounds) => walk.end(key, after, bounds),
      toRow: readPerson,
    })),
    { ...walk, placeOf: (person) => sortValueOf(person, query.order), isSearch: tests.length > 0 },
  );
  const next = (reads: Reads) => people.next(reads);
  return () => (tests.length === 0 ? next(indexedReads(database)) : readInShare(SEARCH, next));
}

/** How a list of people is walked in each setting. */
function planList(companyKey: number, query: PeopleQuery, page: { take: number; after: Position | null }) {
  const which = {
    id: query.settingId,
    managed: query.isUnmanaged ? false : null,
    isSilent: query.inShadowToo === true ? undefined : false,
    hasHeirs: true,
  } as const;
  const tests = testsOf(companyKey, query);
  const spanOf = (settingKey: number, after: string | null, rows: number) =>
    selectSpan({ companyKey, settingKey }, query, { first: page.after, after, rows });
  return {
    which,
    tests,
    select: (settingKey: number, after: string | null, { rows }: Bounds) =>
      compileWalk(spanOf(settingKey, after, rows), query, tests, page.take),
    end: (settingKey: number, after: string | null, { rows }: Bounds) =>
      sql`SELECT place FROM (${spanOf(settingKey, after, rows)}) LIMIT 1 OFFSET ${rows - 1}`,
    toPlace: (selected: unknown) => (selected as { place: string }).place, // by the statement above
    toRow: readPerson,
    compare: comparisonOf(query.order),
    take: page.take,
    lightness: LIGHTNESS,
  };
}

/** Reads people of a company by their keys, in no order. */
export function selectPeople(companyKey: number, keys: readonly number[]): Read<Person[]> {
  const statement = sql`SELECT ${COLUMNS.list}, ${ORIGIN} FROM json_each(${JSON.stringify(keys)}) j
    CROSS JOIN users u ON u.user_key = j.value CROSS JOIN scim_settings s ON s.setting_key = u.setting_key
    WHERE u.company_key = ${companyKey}`;
  return selectAll(statement, readPerson);
}

function readPerson(selected: unknown) {
  return { ...COLUMNS.read(selected), ...readOrigin(selected) };
}

/** The next people of a setting in an order, with what a search looks at, from a narrow index where that has the order. */
function selectSpan(
  { companyKey, settingKey }: { companyKey: number; settingKey: number },
  { order, inShadowToo = false }: PeopleQuery,
  { first, after, rows }: { first: Position | null; after: string | null; rows: number },
): Sql {
  const { column, direction, beyond } = ORDERS[order];
  const from = rawSql(column === NAME ? "FROM users u INDEXED BY users_by_words" : "FROM users u");
  const row = sql`SELECT ${column} AS v FROM users u WHERE u.user_key = ${first?.key ?? null} AND u.company_key = ${companyKey}`;
  const isAfter = (position: Position) => {
    const value = resumeValue(position, row, direction === DOWN);
    return sql`${column} ${beyond}= ${value} AND (${column} <> ${value} OR u.user_key ${beyond} ${position.key})`;
  };
  const start = first === null ? rawSql("TRUE") : isAfter(first);
  return sql`SELECT u.user_key, ${column} AS place, u.user_name_key, u.email_key, u.first_name, u.last_name, u.full_name_key, u.display_name, u.active ${from}
    WHERE u.setting_key = ${settingKey} AND ${inShadowToo ? rawSql("TRUE") : isSeenIn(settingKey)} AND ${after === null ? start : sql`${column} ${beyond} ${after}`}
    ORDER BY ${column} ${direction} LIMIT ${rows}`;
}

function compileWalk(span: Sql, query: PeopleQuery, tests: readonly Sql[], take: number): Sql {
  const { column, direction } = ORDERS[query.order];
  const isShown = joinSql([isAsked(query), ...tests], " AND ");
  return sql`SELECT ${COLUMNS.list}, ${ORIGIN}, ${SIZE} AS size FROM (${span}) w CROSS JOIN users u ON u.user_key = w.user_key
    CROSS JOIN scim_settings s ON s.setting_key = u.setting_key
    WHERE ${isShown} ORDER BY ${column} ${direction} LIMIT ${take}`;
}

/** Whose deletion waits is its setting's still; whose deletion was kept is nobody's. */
function isAsked({ settingId, isUnmanaged }: PeopleQuery): Sql {
  if (settingId !== null) return sql`(s.id = ${settingId} OR ${IS_MANAGED})`;
  return isUnmanaged ? sql`NOT ${IS_MANAGED}` : sql`TRUE`;
}

/** What a list leaves out by, which no index answers. */
function testsOf(companyKey: number, { search, status, enrolment, memberOf }: PeopleQuery): Sql[] {
  const isMember = sql`EXISTS (SELECT 1 FROM target_group_members m WHERE m.target_group_key = ${memberOf ?? null} AND m.user_key = w.user_key)`;
  const hasStatus = status === "active" ? sql`w.active = 1` : sql`w.active = 0`;
  return [
    ...(status === null ? [] : [hasStatus]),
    ...hasWords(search, "w"),
    ...(enrolment === undefined ? [] : [isEnrolled(companyKey, enrolment)]),
    ...(memberOf === undefined ? [] : [isMember]),
  ];
}

/** Where a person stands in a list of this order. */
export function positionOfPerson(person: Person, order: PeopleOrder): Position {
  return toPosition(sortValueOf(person, order), person.key);
}

function sortValueOf(person: Person, order: PeopleOrder): string {
  return order.endsWith("name") ? person.userNameKey : person.id;
}

/** The order of SQLite's BINARY collation on what the lists hold: by code point, then by key. */
function comparisonOf(order: PeopleOrder): (a: Person, b: Person) => number {
  const sign = order.startsWith("-") ? -1 : 1;
  return (a, b) => sign * (compareCodePoints(sortValueOf(a, order), sortValueOf(b, order)) || a.key - b.key);
}

/** People whom no setting manages: kept when their setting was deleted, or when they were; or being removed with it. */
export interface Unmanaged {
  kept: number;
  keptDeletions: number;
  beingRemoved: number;
}

/** Reads how many people of a company no live setting keeps up to date. */
export function countUnmanaged(companyKey: number): Read<Unmanaged> {
  const people = sql`s.active_users + s.inactive_users`;
  const sumOf = (condition: Sql) => sql`coalesce(sum(iif(${condition}, ${people}, 0)), 0)`;
  // Whose deletion waits lies where those lie whose deletion was kept, and is its setting's still.
  const waiting = sql`(SELECT count(*) FROM holds h CROSS JOIN users w ON w.held_by = h.hold_key AND w.held_as = 'deleted'
    WHERE h.company_key = ${companyKey} AND h.status = 'open')`;
  const statement = sql`SELECT ${sumOf(sql`s.heir_of IS NULL AND NOT ${IS_BEING_REMOVED}`)} AS kept,
      ${sumOf(sql`s.heir_of IS NOT NULL`)} - ${waiting} AS keptDeletions, ${sumOf(IS_BEING_REMOVED)} AS beingRemoved
    FROM scim_settings s WHERE s.company_key = ${companyKey} AND s.status = 'deleted' AND ${SHOWS_PEOPLE}`;
  return {
    statements: [statement],
    decode: ([rows]) => rowsOf<Unmanaged>(rows)[0] ?? { kept: 0, keptDeletions: 0, beingRemoved: 0 },
  };
}

/** Reads whether the target side of a company knows anybody. */
export function selectHasPeople(companyKey: number): Read<boolean> {
  const statement = sql`SELECT EXISTS (SELECT 1 FROM scim_settings s WHERE s.company_key = ${companyKey} AND ${SHOWS_PEOPLE}
    AND s.active_users + s.inactive_users > 0) AS found`;
  return { statements: [statement], decode: ([rows]) => rowsOf<{ found: number }>(rows)[0]?.found === 1 };
}

const NAMES = columnsOf(users, "u", ["id", "userName"]);

/** The people of a company with exactly this user name, or else with this e-mail address: at most three. */
export async function findPeopleByName(
  database: Database,
  companyKey: number,
  name: string,
): Promise<ReturnType<typeof NAMES.read>[]> {
  const keys = JSON.stringify(keysOf(name));
  const { byName, byEmail } = await runRead(
    database,
    together({
      byName: selectAll(
        sql`SELECT ${NAMES.list} FROM scim_settings s
          CROSS JOIN users u ON u.setting_key = s.setting_key AND u.user_name_key IN (SELECT value FROM json_each(${keys}))
          WHERE s.company_key = ${companyKey} AND ${isSeen()} LIMIT 3`,
        NAMES.read,
      ),
      byEmail: selectAll(
        sql`SELECT ${NAMES.list} FROM users u CROSS JOIN scim_settings s ON s.setting_key = u.setting_key
          WHERE u.company_key = ${companyKey} AND u.email_key IN (SELECT value FROM json_each(${keys})) AND ${isSeen()} LIMIT 3`,
        NAMES.read,
      ),
    }),
  );
  return byName.length > 0 ? byName : byEmail;
}
