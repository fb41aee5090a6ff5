import type { Bounds } from "../companies/split-long-reads.ts";
import { type Position, resumeValue } from "../platform/list-position.ts";
import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import { type EnrolmentFilter, isEnrolled } from "./enrolment-condition.ts";
import { PERSON, PERSON_SIZE } from "./listed-person.ts";
import { isSeenIn } from "./people-not-in-shadow.ts";
import { isDown, type PeopleOrder, type ReadingOrder, sortedBy, sortWay, walkedColumn } from "./people-order.ts";
import { hasWords } from "./search-people-by-words.ts";
import { IS_MANAGED } from "./user-origin.ts";

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

/** A page of such a list: after a place, or, read back, before it, the nearest first. */
export interface PeoplePage {
  take: number;
  after: Position | null;
  isBack?: boolean;
}

/** A setting's part of a list: where it begins. */
interface Part {
  companyKey: number;
  settingKey: number;
  /** The place after which it begins; null for its beginning. */
  first: Position | null;
}

const NAME = rawSql("u.user_name_key");

/**
 * The next people of a setting in an order that an index has, after a place of the walk, with what a search looks at; of a
 * walk by names a narrow index has it all.
 */
function selectSpan(
  { companyKey, settingKey, first }: Part,
  { column, way, inShadowToo = false }: { column: Sql; way: ReadingOrder; inShadowToo?: boolean | undefined },
  { after, rows }: { after: string | null; rows: number },
): Sql {
  const [direction, beyond] = isDown(way) ? [rawSql("DESC"), rawSql("<")] : [rawSql("ASC"), rawSql(">")];
  const from = rawSql(column.sql === NAME.sql ? "FROM users u INDEXED BY users_by_words" : "FROM users u");
  const row = sql`SELECT ${column} AS v FROM users u WHERE u.user_key = ${first?.key ?? null} AND u.company_key = ${companyKey}`;
  const isAfter = (position: Position) => {
    const value = resumeValue(position, row, isDown(way));
    return sql`${column} ${beyond}= ${value} AND (${column} <> ${value} OR u.user_key ${beyond} ${position.key})`;
  };
  const start = first === null ? rawSql("TRUE") : isAfter(first);
  return sql`SELECT u.user_key, ${column} AS place, u.user_name_key, u.email_key, u.first_name, u.last_name, u.full_name_key,
      u.display_name, u.active, u.department ${from}
    WHERE u.setting_key = ${settingKey} AND ${inShadowToo ? rawSql("TRUE") : isSeenIn(settingKey)} AND ${after === null ? start : sql`${column} ${beyond} ${after}`}
    ORDER BY ${column} ${direction} LIMIT ${rows}`;
}

/** How a setting's part of a list is walked in the order of an index: the first people of a span, and the span's end. */
export function walkInOrder(query: PeopleQuery, way: ReadingOrder, take: number) {
  const column = walkedColumn(way.order) ?? NAME;
  const spanOf = (part: Part, after: string | null, rows: number) =>
    selectSpan(part, { column, way, inShadowToo: query.inShadowToo }, { after, rows });
  const direction = rawSql(isDown(way) ? "DESC" : "ASC");
  return {
    select(part: Part, after: string | null, { rows }: Bounds): Sql {
      const isShown = joinSql([isAsked(query), ...testsOf(part.companyKey, query)], " AND ");
      return sql`SELECT ${PERSON}, w.place, ${PERSON_SIZE} AS size FROM (${spanOf(part, after, rows)}) w CROSS JOIN users u ON u.user_key = w.user_key
        CROSS JOIN scim_settings s ON s.setting_key = u.setting_key
        WHERE ${isShown} ORDER BY ${column} ${direction} LIMIT ${take}`;
    },
    end: (part: Part, after: string | null, { rows }: Bounds): Sql => selectEnd(spanOf(part, after, rows), rows),
  };
}

/** How a setting's people are looked at, all of them, for the first of an order that no index has. */
export function walkForFirst(query: PeopleQuery, way: ReadingOrder, { take, after: first }: PeoplePage) {
  const byName: ReadingOrder = { order: "name" };
  const spanOf = (part: Part, after: string | null, rows: number) =>
    selectSpan(part, { column: NAME, way: byName, inShadowToo: query.inShadowToo }, { after, rows });
  const { order, isBeyond } = sortWay(way);
  const value = sortedBy(way.order, query.enrolment);
  const isAfter = ({ companyKey }: Part) =>
    first === null ? rawSql("TRUE") : isBeyond(...placeOf(companyKey, first, way, value), first.key);
  return {
    select(part: Part, after: string | null, { rows }: Bounds): Sql {
      const isOne = isAskedLightly(query);
      const from = isOne === null ? rawSql("") : sql`CROSS JOIN scim_settings s ON s.setting_key = ${part.settingKey}`;
      const tests = [...testsOf(part.companyKey, query), ...(isOne === null ? [] : [isOne])];
      return sql`SELECT k, place, byName, ${part.settingKey} + 0 AS settingKey FROM (
          SELECT w.user_key AS k, ${value} AS place, w.user_name_key AS byName
          FROM (${spanOf(part, after, rows)}) w ${from} WHERE ${joinSql([rawSql("TRUE"), ...tests], " AND ")})
        WHERE ${isAfter(part)} ORDER BY ${order} LIMIT ${take}`;
    },
    end: (part: Part, after: string | null, { rows }: Bounds): Sql => selectEnd(spanOf(part, after, rows), rows),
  };
}

/** The value and the name that a list goes on from. */
function placeOf(companyKey: number, first: Position, way: ReadingOrder, value: Sql): [Sql, Sql] {
  const row = (column: Sql) =>
    sql`SELECT ${column} AS v FROM users w WHERE w.user_key = ${first.key} AND w.company_key = ${companyKey}`;
  const textOf = (value: Position["value"]) => ({ value: typeof value === "number" ? String(value) : (value ?? "") });
  return [
    resumeValue(textOf(first.value), row(value), isDown(way)),
    resumeValue(textOf(first.second ?? null), row(rawSql("w.user_name_key")), way.isBack === true),
  ];
}

/** The place of the last row of a span; nothing where no more follow. */
function selectEnd(span: Sql, rows: number): Sql {
  return sql`SELECT place FROM (${span}) LIMIT 1 OFFSET ${rows - 1}`;
}

/** Whose deletion waits is its setting's still; whose deletion was kept is nobody's. */
function isAsked({ settingId, isUnmanaged }: PeopleQuery, isManaged = IS_MANAGED): Sql {
  if (settingId !== null) return sql`(s.id = ${settingId} OR ${isManaged})`;
  return isUnmanaged ? sql`NOT ${isManaged}` : sql`TRUE`;
}

/** The same of somebody in a span, whose row is not read for it but where it has to be; null where everybody is asked for. */
function isAskedLightly(query: PeopleQuery): Sql | null {
  if (query.settingId === null && !query.isUnmanaged) return null;
  const heldAs = "(SELECT h.held_as FROM users h WHERE h.user_key = w.user_key)";
  return isAsked(query, rawSql(`(s.status <> 'deleted' OR ${heldAs} IS 'deleted')`));
}

/** What a list leaves out by, which no index answers. */
export function testsOf(companyKey: number, { search, status, enrolment, memberOf }: PeopleQuery): Sql[] {
  const isMember = sql`EXISTS (SELECT 1 FROM target_group_members m WHERE m.target_group_key = ${memberOf ?? null} AND m.user_key = w.user_key)`;
  const hasStatus = status === "active" ? sql`w.active = 1` : sql`w.active = 0`;
  return [
    ...(status === null ? [] : [hasStatus]),
    ...hasWords(search, "w"),
    ...(enrolment === undefined ? [] : [isEnrolled(companyKey, enrolment)]),
    ...(memberOf === undefined ? [] : [isMember]),
  ];
}
