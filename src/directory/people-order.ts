import { type Position, toPosition } from "../platform/list-position.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import { compareCodePoints } from "../scim/compare-code-points.ts";
import { type EnrolmentFilter, startOfEnrolment } from "./enrolment-condition.ts";

/** What a list of people can be sorted by; `name` is the user name, `source` the SCIM setting that somebody came through. */
const PEOPLE_SORTS = ["name", "added", "source", "full-name", "email", "department", "status"] as const;
/** And one of those enrolled in something: `enrolled` is when they were. */
const ENROLLED_SORTS = [...PEOPLE_SORTS, "enrolled"] as const;
type PeopleSort = (typeof ENROLLED_SORTS)[number];

/** The orders of a list of people; one that begins with "-" goes down. Who has nothing to be sorted by is last in either. */
export type PeopleOrder = PeopleSort | `-${PeopleSort}`;
export const PEOPLE_ORDERS: readonly PeopleOrder[] = ordersOf(PEOPLE_SORTS);
/** Those of a list of people by how they are enrolled in something. */
export const ENROLLED_ORDERS: readonly PeopleOrder[] = ordersOf(ENROLLED_SORTS);

function ordersOf(sorts: readonly PeopleSort[]): PeopleOrder[] {
  return sorts.flatMap((sort): PeopleOrder[] => [sort, `-${sort}`]);
}

/** Those that an index has: the others are sorted as everybody is looked at. */
const WALKED = { name: "u.user_name_key", added: "u.id", source: "u.user_name_key" } as const;

/** Where somebody stands in a list. */
interface Placed {
  key: number;
  settingKey: number;
  place: string;
  /** What those of one place are sorted by, where that is more than their keys. */
  name: string | null;
}

/** An order, and the way that it is read: forwards, or back from a place. */
export interface ReadingOrder {
  order: PeopleOrder;
  isBack?: boolean | undefined;
}

/** Whether greater values come first that way. */
export function isDown({ order, isBack = false }: ReadingOrder): boolean {
  return order.startsWith("-") !== isBack;
}

function sortOf(order: PeopleOrder): PeopleSort {
  const [sort = "name"] = ENROLLED_SORTS.filter((each) => order === each || order === `-${each}`);
  return sort;
}

/** Whether the list is one by the settings that people came through. */
export function isBySource(order: PeopleOrder): boolean {
  return sortOf(order) === "source";
}

/** The column of the user `u` in whose order an index has the people of a setting; null where none has this order. */
export function walkedColumn(order: PeopleOrder): Sql | null {
  const sort = sortOf(order);
  return sort in WALKED ? rawSql(WALKED[sort as keyof typeof WALKED]) : null; // as was just seen
}

/** Whether the order is that in which people were added: a search in it by its index would read everybody's row on the way. */
export function isByTime(order: PeopleOrder): boolean {
  return sortOf(order) === "added";
}

/** Whether the order is that in which people were enrolled in what the list is about. */
export function isByEnrolment(order: PeopleOrder): boolean {
  return sortOf(order) === "enrolled";
}

/** Whether an index has the people of a setting in an order, so that a page of it is found without a look at everybody. */
export function isWalked(order: PeopleOrder): boolean {
  return walkedColumn(order) !== null;
}

const TEXTS = {
  "full-name":
    "coalesce(trim(coalesce(w.full_name_key, lower(coalesce(w.first_name, '') || ' ' || coalesce(w.last_name, '')))), '')",
  email: "coalesce(w.email_key, '')",
  // SQLite folds ASCII only. Of the other capitals it is the dotted I alone whose small letter begins with one of ASCII: with it
  // folded as names are, those of one value stand where the list of target groups has them.
  department: "coalesce(trim(replace(lower(w.department), '\u0130', 'i\u0307')), '')",
  // Who is active comes first.
  status: "iif(w.active, 'a', 'i')",
  // An index has these, too, but none that can be looked through for a search, or for the members of a group.
  name: "w.user_name_key",
  added: "(SELECT a.id FROM users a WHERE a.user_key = w.user_key)",
} as const;

/**
 * What people are sorted by where they are sorted as they are read, as a text about the user `w`; empty for somebody who has none. People
 * of one value are by user name. By when they were enrolled they are sorted only where it is said in what.
 */
export function sortedBy(order: PeopleOrder, enrolment?: EnrolmentFilter): Sql {
  const sort = sortOf(order);
  if (sort === "enrolled") {
    if (enrolment === undefined) throw new Error("by an enrolment only those of an item are sorted");
    return startOfEnrolment(enrolment);
  }
  if (sort === "source") throw new Error("settings are walked one after the other");
  return rawSql(TEXTS[sort]);
}

/** Of rows with a `place` (what they are sorted by), a user name `byName` and a key `k`: their order, and those beyond a position. */
export function sortWay(way: ReadingOrder): { order: Sql; isBeyond: (value: Sql, name: Sql, key: number) => Sql } {
  const back = way.isBack === true;
  const [blank, then, thenBeyond] = [back ? "DESC" : "ASC", back ? "DESC" : "ASC", rawSql(back ? "<" : ">")];
  const [direction, beyond] = isDown(way) ? ["DESC", rawSql("<")] : ["ASC", rawSql(">")];
  return {
    order: rawSql(`place = '' ${blank}, place ${direction}, byName ${then}, k ${then}`),
    isBeyond: (value, name, key) => sql`((place = '') ${thenBeyond} (${value} = '') OR ((place = '') = (${value} = '')
      AND (place ${beyond} ${value} OR (place = ${value} AND (byName, k) ${thenBeyond} (${name}, ${key})))))`,
  };
}

/** Where somebody stands in a list. */
export function positionOfPerson({ key, settingKey, place, name }: Placed): Position {
  const { value: second } = toPosition(name, key);
  return { ...toPosition(place, key), part: settingKey, ...(name === null ? {} : { second }) };
}

/**
 * The order in which SQLite's BINARY collation has what the lists hold: by code point, then by key; by the ranks of their
 * settings first where there are some.
 */
export function comparePeople<Row extends Placed>(
  way: ReadingOrder,
  ranks: ReadonlyMap<number, number> | null = null,
): (a: Row, b: Row) => number {
  const sign = isDown(way) ? -1 : 1;
  const rankOf = ({ settingKey }: Row) => (ranks === null ? 0 : (ranks.get(settingKey) ?? ranks.size));
  return (a, b) => sign * (rankOf(a) - rankOf(b) || compareCodePoints(a.place, b.place) || a.key - b.key);
}

/** The order of `sortWay`. */
export function compareSorted<Row extends Placed>(way: ReadingOrder): (a: Row, b: Row) => number {
  const [sign, then] = [isDown(way) ? -1 : 1, way.isBack === true ? -1 : 1];
  return (a, b) =>
    then * (Number(a.place === "") - Number(b.place === "")) ||
    sign * compareCodePoints(a.place, b.place) ||
    then * (compareCodePoints(a.name ?? "", b.name ?? "") || a.key - b.key);
}
