import type { ReadInShare } from "../companies/read-in-share.ts";
import { listPeople } from "../directory/people-list-store.ts";
import { isDown, sortedBy, sortWay } from "../directory/people-order.ts";
import type { PeoplePage } from "../directory/people-walk.ts";
import { hasWords } from "../directory/search-people-by-words.ts";
import type { Stretch } from "../platform/byte-budget.ts";
import type { Database } from "../platform/database.ts";
import { type Position, resumeValue, toPosition } from "../platform/list-position.ts";
import { NOTHING, type Read, runRead } from "../platform/read-batch.ts";
import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import { selectMembers, type TargetGroupMember } from "./membership-store.ts";

/** The orders that a list of members can be asked for in. */
export const MEMBER_ORDERS = ["name", "-name", "full-name", "-full-name", "came", "-came"] as const;

/** The orders a list of members has: by user name, by first and last name, or as they came to the company. */
export type MemberOrder = (typeof MEMBER_ORDERS)[number];

/** Which members a list shows, and in what order. */
interface MemberQuery {
  /** Part of a user name, e-mail address or name. */
  search: string;
  order: MemberOrder;
}

/** Members of a target group that are read and sorted at once; of larger groups an index has to have the order. */
const FEW = 2_000;

/** The order in which a target group of so many members is shown unless another one is asked for. */
export function usualOrderOf({ memberCount }: { memberCount: number }): MemberOrder {
  return memberCount <= FEW ? "name" : "came";
}

/**
 * Up to `take` members of a target group after a position. Those of a small group are sorted as they are read, those of a
 * large one come in the order of an index; what is searched for among many, or sorted, is read as `readInShare` lets it.
 */
export async function listMembers(
  database: Database,
  companyKey: number,
  group: { key: number; memberCount: number },
  query: MemberQuery,
  page: PeoplePage,
  readInShare: ReadInShare,
): Promise<Stretch<TargetGroupMember>> {
  const { search, order } = query;
  const isDescending = isDown({ order: PEOPLE_ORDER[order], isBack: page.isBack });
  const keys = sql`SELECT DISTINCT user_key AS k FROM target_group_members WHERE target_group_key = ${group.key}`;
  if (search === "" && order.endsWith("came"))
    return runRead(database, selectAsTheyCame(group.key, isDescending, page));
  if (group.memberCount <= FEW) return runRead(database, selectAmongFew(group.key, keys, query, page));
  const which = { search, status: null, settingId: null, isUnmanaged: false, memberOf: group.key } as const;
  const asked = { ...which, order: PEOPLE_ORDER[order] };
  const people = await listPeople(database, companyKey, asked, page, NOTHING, readInShare);
  const members = await runRead(database, selectMembers(group.key, valuesOf(people.rows), rawSql("k")));
  const byKey = new Map(members.rows.map((member) => [member.userKey, member]));
  const rows = people.rows.flatMap(({ key, place, name }) => {
    const member = byKey.get(key);
    return member === undefined ? [] : [{ ...member, sorted: { place, name: name ?? "" } }];
  });
  return { rows, isCut: people.isCut || members.isCut };
}

/** Ids of users follow the order in which they came, as their keys do. */
const PEOPLE_ORDER = {
  ...({ name: "name", "-name": "-name", came: "added", "-came": "-added" } as const),
  ...({ "full-name": "full-name", "-full-name": "-full-name" } as const),
} as const;

function valuesOf(people: readonly { key: number }[]): Sql {
  return sql`SELECT value AS k, NULL AS place, NULL AS byName FROM json_each(${JSON.stringify(people.map(({ key }) => key))})`;
}

function wayOf(isDescending: boolean) {
  return isDescending
    ? { direction: rawSql("DESC"), beyond: rawSql("<") }
    : { direction: rawSql("ASC"), beyond: rawSql(">") };
}

function selectAsTheyCame(
  groupKey: number,
  isDescending: boolean,
  { take, after }: PeoplePage,
): Read<Stretch<TargetGroupMember>> {
  const { direction, beyond } = wayOf(isDescending);
  const isAfter = after === null ? rawSql("TRUE") : sql`user_key ${beyond} ${after.key}`;
  const near = sql`SELECT DISTINCT user_key AS k, NULL AS place, NULL AS byName FROM target_group_members
    WHERE target_group_key = ${groupKey} AND ${isAfter} ORDER BY user_key ${direction} LIMIT ${take}`;
  return selectMembers(groupKey, near, sql`k ${direction}`);
}

function selectAmongFew(
  groupKey: number,
  keys: Sql,
  { search, order }: MemberQuery,
  { take, after, isBack }: PeoplePage,
): Read<Stretch<TargetGroupMember>> {
  const way = { order: PEOPLE_ORDER[order], isBack };
  const { order: ordered, isBeyond } = sortWay(way);
  const place = sortedBy(way.order);
  const matches = joinSql([rawSql("TRUE"), ...hasWords(search, "w")], " AND ");
  const isAfter = (position: Position) => {
    const row = (column: Sql) =>
      sql`SELECT ${column} AS v FROM (${keys}) o CROSS JOIN users w ON w.user_key = o.k WHERE w.user_key = ${position.key}`;
    const name = { value: position.second ?? "" };
    const value = resumeValue(position, row(place), isDown(way));
    return isBeyond(value, resumeValue(name, row(rawSql("w.user_name_key")), isBack === true), position.key);
  };
  const near = sql`SELECT k, place, byName FROM (SELECT w.user_key AS k, ${place} AS place, w.user_name_key AS byName
      FROM (${keys}) n CROSS JOIN users w ON w.user_key = n.k WHERE ${matches})
    WHERE ${after === null ? rawSql("TRUE") : isAfter(after)} ORDER BY ${ordered} LIMIT ${take}`;
  return selectMembers(groupKey, near, ordered);
}

/** Where a member stands in a list. */
export function positionOfMember({ userKey, userId, sorted }: TargetGroupMember): Position {
  if (sorted === null) return toPosition(userId, userKey);
  return { ...toPosition(sorted.place, userKey), second: toPosition(sorted.name, userKey).value };
}
