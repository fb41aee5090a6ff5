import { type Position, toPosition } from "../platform/list-position.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import { compareCodePoints } from "../scim/compare-code-points.ts";

/** What a list of people can be sorted by; `name` is the user name, `source` the SCIM setting that somebody came through. */
const PEOPLE_SORTS = ["name", "added", "source", "full-name", "email", "department", "status"] as const;
type PeopleSort = (typeof PEOPLE_SORTS)[number];

/** The orders of a list of people; one that begins with "-" goes down. Who has nothing to be sorted by is last in either. */
export type PeopleOrder = PeopleSort | `-${PeopleSort}`;
export const PEOPLE_ORDERS: readonly PeopleOrder[] = PEOPLE_SORTS.flatMap((sort): PeopleOrder[] => [sort, `-${sort}`]);

/** Those that an index has: the others are sorted as everybody is looked at. */
const WALKED = { name: "u.user_name_key", added: "u.id", source: "u.user_name_key" } as const;

/** Where somebody stands in a list. */
interface Placed {
  key: number;
  settingKey: number;
  place: string;
}

/** An order, and the way that it is read: forwards, or back from a place. */
export interface Way {
  order: PeopleOrder;
  isBack?: boolean | undefined;
}

/** Whether greater values come first that way. */
export function isDown({ order, isBack = false }: Way): boolean {
  return order.startsWith("-") !== isBack;
}

function sortOf(order: PeopleOrder): PeopleSort {
  const [sort = "name"] = PEOPLE_SORTS.filter((each) => order === each || order === `-${each}`);
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

/** Whether an index has the people of a setting in an order, so that a page of it is found without a look at everybody. */
export function isWalked(order: PeopleOrder): boolean {
  return walkedColumn(order) !== null;
}

/** Characters of a value, and of a user name, that people are sorted by; who agrees in them stands as they came. */
const SORTED_BY = 120;

const TEXTS = {
  "full-name": "trim(coalesce(w.full_name_key, lower(coalesce(w.first_name, '') || ' ' || coalesce(w.last_name, ''))))",
  email: "w.email_key",
  department: "trim(lower(w.department))",
  // Who is active comes first.
  status: "iif(w.active, 'a', 'i')",
} as const;

/**
 * What people are sorted by where no index has the order, as one text about the user `w`: the value, then the user name. Who has no value is at the end, whichever way the list goes.
 */
export function placeIn(order: PeopleOrder): Sql {
  const sort = sortOf(order);
  if (sort in WALKED) throw new Error(`an index has the order ${order}`);
  const text = rawSql(TEXTS[sort as keyof typeof TEXTS]); // as was just seen
  const [some, none] = order.startsWith("-") ? ["1", "0"] : ["0", "1"];
  return sql`coalesce(${some} || nullif(substr(${text}, 1, ${rawSql(String(SORTED_BY))}), ''), ${none}) || char(1)
    || substr(w.user_name_key, 1, ${rawSql(String(SORTED_BY))})`;
}

/** Where somebody stands in a list of this order. */
export function positionOfPerson({ key, settingKey, place }: Placed): Position {
  return { ...toPosition(place, key), part: settingKey };
}

/**
 * The order in which SQLite's BINARY collation has what the lists hold: by code point, then by key; by the ranks of their
 * settings first where there are some.
 */
export function comparePeople<Row extends Placed>(
  way: Way,
  ranks: ReadonlyMap<number, number> | null = null,
): (a: Row, b: Row) => number {
  const sign = isDown(way) ? -1 : 1;
  const rankOf = ({ settingKey }: Row) => (ranks === null ? 0 : (ranks.get(settingKey) ?? ranks.size));
  return (a, b) => sign * (rankOf(a) - rankOf(b) || compareCodePoints(a.place, b.place) || a.key - b.key);
}
