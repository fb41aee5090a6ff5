import type { ReadInShare } from "../companies/read-in-share.ts";
import { type SearchedPage, searchOn } from "../companies/search-through-list.ts";
import { OPEN_ENROLMENT } from "../directory/enrolment-column-values.ts";
import { hasWords } from "../directory/search-people-by-words.ts";
import { users } from "../directory/tables.ts";
import type { Item } from "../enrolment/plan-enrolments.ts";
import { columnsIn, columnsOf } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import type { KeyedPage } from "../platform/list-position.ts";
import { type Read, runRead, selectAll, selectFirst, together } from "../platform/read-batch.ts";
import { spanAfter } from "../platform/row-keys.ts";
import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import type { Hold } from "./hold.ts";
import { type DECISIONS, HOLD } from "./tables.ts";
import { JOINED_INSTEAD, type JoinedInsteadRow, readJoinedInstead } from "./target-group-joined-instead.ts";

/** A hold with the setting whose identity provider it stopped. */
export interface HoldRecord extends Hold {
  settingId: string;
  settingName: string;
}

const OF_HOLD = columnsIn(HOLD, "h");
const OF_USER = columnsOf(users, "u", [
  "key",
  "id",
  "userName",
  "firstName",
  "lastName",
  "active",
  "heldBy",
  "heldVersion",
  "heldAs",
]);

const SELECT = sql`SELECT ${OF_HOLD.list}, s.id AS settingId, s.name AS settingName
  FROM holds h JOIN scim_settings s ON s.setting_key = h.setting_key`;

/** Holds of a company in the order they opened, after the one with key `after`. */
export async function listHolds(
  database: Database,
  companyKey: number,
  { status, take, after, before = null }: { status: Hold["status"] | null } & KeyedPage,
): Promise<HoldRecord[]> {
  const span = spanAfter(companyKey, after);
  const direction = rawSql(before === null ? "ASC" : "DESC");
  // The open ones have an index, which has to be asked for in so many words; all others are walked by their keys.
  const isAsked =
    status === "open"
      ? sql`h.company_key = ${companyKey} AND h.status = 'open'`
      : sql`+h.company_key = ${companyKey} AND ${status === null ? sql`TRUE` : sql`h.status = ${status}`}`;
  const statement = sql`${SELECT} WHERE ${isAsked} AND h.hold_key > ${span.after} AND h.hold_key < ${before ?? span.before}
    ORDER BY h.hold_key ${direction} LIMIT ${take}`;
  return runRead(database, selectAll(statement, toHold));
}

/** Reads the open holds of a company, of which there are few. */
export function selectOpenHolds(companyKey: number): Read<HoldRecord[]> {
  return selectAll(
    sql`${SELECT} WHERE h.company_key = ${companyKey} AND h.status = 'open' ORDER BY h.hold_key`,
    toHold,
  );
}

/** Reads how many people wait for a decision in each of some companies, by the companies' keys; those without any are left out. */
export function selectWaiting(companyKeys: readonly number[]): Read<ReadonlyMap<number, number>> {
  const statement = sql`SELECT h.company_key AS key, sum(h.people) AS people FROM json_each(${JSON.stringify(companyKeys)}) j
    CROSS JOIN holds h ON h.company_key = j.value AND h.status = 'open' GROUP BY 1`;
  const read = selectAll(statement, (row) => row as { key: number; people: number }); // the columns of the statement
  return { ...read, decode: (results) => new Map(read.decode(results).map(({ key, people }) => [key, people])) };
}

/** Reads one hold of a company, or null. */
export function selectHold(companyKey: number, id: string): Read<HoldRecord | null> {
  return selectFirst(sql`${SELECT} WHERE h.company_key = ${companyKey} AND h.id = ${id}`, toHold);
}

/** Reads which decisions about a hold are being carried out still, each once. */
export function selectUnderWay(companyKey: number, holdKey: number): Read<(typeof DECISIONS)[number][]> {
  return selectAll(
    sql`SELECT DISTINCT action FROM hold_decisions WHERE company_key = ${companyKey} AND hold_key = ${holdKey}`,
    (row) => (row as { action: (typeof DECISIONS)[number] }).action, // the column of the statement
  );
}

function toHold(selected: unknown): HoldRecord {
  const { settingId, settingName } = selected as { settingId: string; settingName: string }; // by SELECT
  return { ...OF_HOLD.read(selected), settingId, settingName };
}

/** Somebody of whom something waits in a hold, or was kept. */
export interface HeldPerson {
  key: number;
  userId: string;
  userName: string;
  firstName: string | null;
  lastName: string | null;
  /** What waits of the person itself: to be set inactive, or to be removed. */
  status: { as: "inactive" | "deleted"; version: number | null } | null;
  /** The target groups that it would leave. */
  groups: HeldGroup[];
  /** Open enrolments by which the groups hold the person. */
  enrolments: Item[];
}

/** A target group that somebody would leave. */
export interface HeldGroup {
  id: string;
  name: string;
  version: number | null;
  requestId: string | null;
  /** The name of the target group that takes its place in a move, or null. */
  to: string | null;
}

/** What a hold's people are looked for by. */
export interface PeoplePage extends KeyedPage {
  /** Pieces of the user name, the e-mail address or the name, or null. */
  search: string | null;
}

const SEARCH = {
  what: "No index answers a search among the people of a hold",
  quick: "At any time: all of them, page by page.",
};

/** The people of a hold in the order they came, after the one with key `after`; a search is read as `readInShare` lets it. */
export async function listHeldPeople(
  database: Database,
  holdKey: number,
  page: PeoplePage,
  readInShare: ReadInShare,
): Promise<HeldPerson[]> {
  const { take, before = null, search } = page;
  const isBack = before !== null;
  const start = before ?? page.after;
  if (search === null) return runRead(database, selectHeldPeople(holdKey, nextOf(holdKey, isBack, start, take), page));
  const select = (next: SearchedPage, rows: number) => {
    const near = nextOf(holdKey, isBack, next.after, rows);
    const edge = sql`SELECT CASE count(*) WHEN ${rows} THEN ${rawSql(isBack ? "min" : "max")}(k) END AS edge FROM (${near})`;
    return together({
      rows: selectHeldPeople(holdKey, near, { ...page, take: next.take }),
      edge: selectFirst(edge, (row) => (row as { edge: number | null }).edge), // the column of the statement
    });
  };
  return readInShare(SEARCH, (reads) => searchOn(reads, { take, after: start }, select));
}

/** The keys, as `k`, of the next `rows` people of a hold after one, or before it, in the order of two indexes. */
function nextOf(holdKey: number, isBack: boolean, after: number | null, rows: number): Sql {
  const [direction, beyond] = isBack ? [rawSql("DESC"), rawSql("<")] : [rawSql("ASC"), rawSql(">")];
  const isThere = (column: Sql) => (after === null ? sql`TRUE` : sql`${column} ${beyond} ${after}`);
  return sql`SELECT m.user_key AS k FROM target_group_members m INDEXED BY held_members
      WHERE m.held_by = ${holdKey} AND ${isThere(rawSql("m.user_key"))}
    UNION SELECT o.user_key FROM users o INDEXED BY held_users
      WHERE o.held_by = ${holdKey} AND ${isThere(rawSql("o.user_key"))} ORDER BY k ${direction} LIMIT ${rows}`;
}

function selectHeldPeople(
  holdKey: number,
  next: Sql,
  { take, before = null, search }: Pick<PeoplePage, "take" | "before" | "search">,
): Read<HeldPerson[]> {
  const direction = rawSql(before === null ? "ASC" : "DESC");
  const matches = joinSql([sql`TRUE`, ...hasWords(search ?? "", "u")], " AND ");
  const statement = sql`SELECT ${OF_USER.list}, ${groupsOf(holdKey)} AS groups, ${ENROLMENTS} AS enrolments
    FROM (${next}) w CROSS JOIN users u ON u.user_key = w.k WHERE ${matches} ORDER BY w.k ${direction} LIMIT ${take}`;
  return selectAll(statement, (selected) => {
    const { key, id: userId, userName, firstName, lastName, heldBy, heldVersion, heldAs } = OF_USER.read(selected);
    const { groups, enrolments } = selected as Record<"groups" | "enrolments", string>; // JSON, by the statement above
    const isHeld = heldBy === holdKey && heldAs !== null;
    return {
      ...{ key, userId, userName, firstName, lastName },
      status: isHeld ? { as: heldAs, version: heldVersion } : null,
      groups: (JSON.parse(groups) as GroupRow[]).map(toHeldGroup),
      enrolments: JSON.parse(enrolments),
    };
  });
}

/** By the statement of `groupsOf`. */
type GroupRow = Omit<HeldGroup, "to"> & JoinedInsteadRow & { isMove: 0 | 1 };

function toHeldGroup({ id, name, version, requestId, isMove, ...where }: GroupRow): HeldGroup {
  return { id, name, version, requestId, to: isMove === 1 ? readJoinedInstead(where) : null };
}

/** The target groups that the user `u` would leave: all it is in when it is to leave as a whole. */
function groupsOf(holdKey: number): Sql {
  return sql`(SELECT json_group_array(json_object('id', t.id, 'name', t.name, 'version', m.held_version, 'requestId', m.request_id,
      'isMove', coalesce(m.held_by = ${holdKey}, 0), ${JOINED_INSTEAD}))
    FROM target_group_members m JOIN target_groups t ON t.target_group_key = m.target_group_key
    WHERE m.user_key = u.user_key AND (m.held_by = ${holdKey} OR (u.held_by = ${holdKey} AND m.kind <> 'manual')))`;
}

/** The open enrolments of the user `u`. */
const ENROLMENTS = sql`(SELECT json_group_array(json_object('kind', e.kind, 'itemId', e.item_id, 'name', e.name))
  FROM enrolments e WHERE e.company_key = u.company_key AND e.person_key = coalesce(u.email_key, 'user:' || u.id)
    AND ${rawSql(OPEN_ENROLMENT)})`;
