import type { ReadInShare } from "../companies/read-in-share.ts";
import { listPeople } from "../directory/people-list-store.ts";
import { hasWords } from "../directory/people-words.ts";
import type { Stretch } from "../platform/byte-budget.ts";
import type { Database } from "../platform/database.ts";
import { type Position, resumeValue, toPosition } from "../platform/list-position.ts";
import { NOTHING, type Read, runRead } from "../platform/read-batch.ts";
import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import { selectMembers, type TargetGroupMember } from "./membership-store.ts";

/** The orders a list of members has: by user name, or as they came to the company. */
export type MemberOrder = "name" | "-name" | "came" | "-came";

/** Each order the other way round. */
export const OPPOSITE_MEMBERS: Record<MemberOrder, MemberOrder> = {
  ...{ name: "-name", "-name": "name", came: "-came", "-came": "came" },
};

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
 * large one come in the order of an index; what is searched for among many, or sorted by name, is read as `readInShare` lets it.
 */
export async function listMembers(
  database: Database,
  companyKey: number,
  group: { key: number; memberCount: number },
  { search, order }: MemberQuery,
  page: { take: number; after: Position | null },
  readInShare: ReadInShare,
): Promise<Stretch<TargetGroupMember>> {
  const keys = sql`SELECT DISTINCT user_key AS k FROM target_group_members WHERE target_group_key = ${group.key}`;
  if (search === "" && order.endsWith("came")) return runRead(database, selectAsTheyCame(group.key, keys, order, page));
  if (group.memberCount <= FEW) return runRead(database, selectAmongFew(group.key, keys, { search, order }, page));
  const which = { search, status: null, settingId: null, isUnmanaged: false, memberOf: group.key } as const;
  const asked = { ...which, order: ORDERS_OF_PEOPLE[order] };
  const people = await listPeople(database, companyKey, asked, page, NOTHING, readInShare);
  const members = await runRead(database, selectMembers(group.key, valuesOf(people.rows), rawSql("k")));
  const byKey = new Map(members.rows.map((member) => [member.userKey, member]));
  return { rows: people.rows.flatMap(({ key }) => byKey.get(key) ?? []), isCut: people.isCut || members.isCut };
}

/** Ids of users follow the order in which they came, as their keys do. */
const ORDERS_OF_PEOPLE = { name: "name", "-name": "-name", came: "added", "-came": "-added" } as const;

function valuesOf(people: readonly { key: number }[]): Sql {
  return sql`SELECT value AS k FROM json_each(${JSON.stringify(people.map(({ key }) => key))})`;
}

function selectAsTheyCame(
  groupKey: number,
  keys: Sql,
  order: MemberOrder,
  { take, after }: { take: number; after: Position | null },
): Read<Stretch<TargetGroupMember>> {
  const isDown = order.startsWith("-");
  const isAfter = after === null ? rawSql("TRUE") : sql`user_key ${rawSql(isDown ? "<" : ">")} ${after.key}`;
  const direction = rawSql(isDown ? "DESC" : "ASC");
  const near = sql`${keys} AND ${isAfter} ORDER BY user_key ${direction} LIMIT ${take}`;
  return selectMembers(groupKey, near, sql`k ${direction}`);
}

function selectAmongFew(
  groupKey: number,
  keys: Sql,
  { search, order }: MemberQuery,
  { take, after }: { take: number; after: Position | null },
): Read<Stretch<TargetGroupMember>> {
  const isDown = order.startsWith("-");
  const column = rawSql(order.endsWith("name") ? "u.user_name_key" : "u.id");
  const direction = rawSql(isDown ? "DESC" : "ASC");
  const conditions = hasWords(search, "u");
  if (after !== null) {
    const row = sql`SELECT ${column} AS v FROM (${keys}) o CROSS JOIN users u ON u.user_key = o.k WHERE u.user_key = ${after.key}`;
    const value = resumeValue(after, row, isDown);
    const beyond = rawSql(isDown ? "<" : ">");
    conditions.push(
      sql`${column} ${beyond}= ${value} AND (${column} <> ${value} OR u.user_key ${beyond} ${after.key})`,
    );
  }
  const near = sql`SELECT u.user_key AS k, ${column} AS v FROM (${keys}) n CROSS JOIN users u ON u.user_key = n.k
    WHERE ${joinSql([rawSql("TRUE"), ...conditions], " AND ")} ORDER BY ${column} ${direction}, u.user_key ${direction} LIMIT ${take}`;
  return selectMembers(groupKey, near, sql`v ${direction}, k ${direction}`);
}

/** Where a member stands in a list of this order. */
export function positionOfMember({ userKey, userId, userNameKey }: TargetGroupMember, order: MemberOrder): Position {
  return toPosition(order.endsWith("name") ? userNameKey : userId, userKey);
}
