import type { ReadInShare } from "../companies/read-in-share.ts";
import { type SearchedPage, searchFurther } from "../companies/search-through-list.ts";
import type { Reenrol } from "../directory/enrolment-column-values.ts";
import { autoEnrolments, enrolments } from "../directory/tables.ts";
import { columnsExcept, columnsOf } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import { type Read, rowsOf, runRead, selectAll, selectFirst, together } from "../platform/read-batch.ts";
import { spanAfter } from "../platform/row-keys.ts";
import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import type { ItemKind } from "./plan-enrolments.ts";
import { presentTerms } from "./present-progress.ts";

/** An item that a target group enrols its members in, and those of its terms that are set. */
export interface GroupAutoEnrolment {
  kind: ItemKind;
  id: string;
  name: string;
  dueInDays?: number;
  reenrol?: Reenrol;
}

const COLUMNS = columnsExcept(enrolments, "e", ["companyKey"]);

/** A person's enrolment in an item; times in milliseconds. */
export type Enrolment = ReturnType<typeof COLUMNS.read> & {
  /** The target groups that hold it up today; none once withdrawn, or, of a completed one, once they give it no more. */
  groupIds: string[];
};

/** Which enrolments a list shows; a target group holds up only active ones. */
interface EnrolmentFilter {
  userKey?: number;
  targetGroupKey?: number;
  itemId?: string;
  kind?: ItemKind;
  status?: "active" | "withdrawn";
}

/** The users that are the person of an enrolment `e`: its own user, and those with the same folded e-mail. */
const PERSON = rawSql(`
(SELECT e.user_key AS user_key UNION
 SELECT u.user_key FROM users u WHERE u.company_key = e.company_key AND u.email_key = e.person_key AND u.active = 1)`);

const GROUP_IDS = sql`
(SELECT json_group_array(DISTINCT t.id)
 FROM target_group_members m
 JOIN auto_enrolments a ON a.company_key = e.company_key AND a.target_group_key = m.target_group_key
   AND a.kind = e.kind AND a.item_id = e.item_id
 JOIN target_groups t ON t.target_group_key = m.target_group_key
 WHERE e.status = 'active' AND e.given = 1 AND m.user_key IN ${PERSON})`;

const SELECT = sql`SELECT ${COLUMNS.list}, ${GROUP_IDS} AS groupIds FROM enrolments e`;

const SEARCH = {
  what: "No index answers a search of enrolments by group, item, kind or status where few match",
  quick: "At any time: all enrolments, or those of one user (userId).",
};

/**
 * Up to `take` enrolments of a company in the order they started, after the one with key `after`; to look far for those that
 * a filter wants, `readInShare` has to let it.
 */
export async function listEnrolments(
  database: Database,
  companyKey: number,
  filter: EnrolmentFilter,
  page: SearchedPage,
  readInShare: ReadInShare,
): Promise<Enrolment[]> {
  const { userKey, ...others } = filter;
  const { after, before } = spanAfter(companyKey, page.after);
  const matches = conditionsOf(others);
  if (userKey !== undefined || matches.length === 0) {
    const span = sql`e.enrolment_key > ${after} AND e.enrolment_key < ${before}`;
    const ofOne = userKey === undefined ? [] : [sql`e.enrolment_key IN ${ofUser(companyKey, userKey)}`];
    const where = joinSql([span, ...ofOne, ...matches], " AND ");
    return runRead(
      database,
      selectAll(sql`${SELECT} WHERE ${where} ORDER BY e.enrolment_key LIMIT ${page.take}`, toEnrolment),
    );
  }
  return searchFurther({ database, readInShare, about: SEARCH }, page, (next, rows) =>
    selectNext(companyKey, matches, next, rows),
  );
}

function conditionsOf({ targetGroupKey, itemId, kind, status }: EnrolmentFilter): Sql[] {
  return [
    ...(targetGroupKey === undefined ? [] : [heldBy(targetGroupKey)]),
    ...(itemId === undefined ? [] : [sql`e.item_id = ${itemId}`]),
    ...(kind === undefined ? [] : [sql`e.kind = ${kind}`]),
    ...(status === undefined ? [] : [sql`e.status = ${status}`]),
  ];
}

/** Looks through the next `rows` enrolments of a company. */
function selectNext(companyKey: number, matches: readonly Sql[], { take, ...page }: SearchedPage, rows: number) {
  const { after, before } = spanAfter(companyKey, page.after);
  const near = sql`SELECT enrolment_key AS k FROM enrolments WHERE enrolment_key > ${after} AND enrolment_key < ${before}
    ORDER BY enrolment_key LIMIT ${rows}`;
  return together({
    rows: selectAll(
      sql`SELECT ${COLUMNS.list}, ${GROUP_IDS} AS groupIds FROM (${near}) n CROSS JOIN enrolments e ON e.enrolment_key = n.k
        WHERE ${joinSql(matches, " AND ")} ORDER BY e.enrolment_key LIMIT ${take}`,
      toEnrolment,
    ),
    edge: selectFirst(
      sql`SELECT CASE count(*) WHEN ${rows} THEN max(k) END AS edge FROM (${near})`,
      (row) => (row as { edge: number | null }).edge, // the column of the statement
    ),
  });
}

/** Reads the company's enrolment of an id, or null. */
export function selectEnrolment(companyKey: number, id: string): Read<Enrolment | null> {
  return selectFirst(sql`${SELECT} WHERE e.company_key = ${companyKey} AND e.id = ${id}`, toEnrolment);
}

const PROGRESS = columnsOf(enrolments, "e", ["id", "progressStatus", "score", "completedAt", "dueAt", "isOverdue"]);

/** Reads how far a company's enrolments of some ids are, by id; those that are not there are left out. */
export function selectProgressOf(
  companyKey: number,
  ids: readonly string[],
): Read<Map<string, ReturnType<typeof PROGRESS.read>>> {
  const statement = sql`SELECT ${PROGRESS.list} FROM json_each(${JSON.stringify(ids)}) j
    CROSS JOIN enrolments e ON e.company_key = ${companyKey} AND e.id = j.value`;
  return {
    statements: [statement],
    decode: ([rows]) =>
      new Map(
        rowsOf<object>(rows).map((row) => {
          const progress = PROGRESS.read(row);
          return [progress.id, progress];
        }),
      ),
  };
}

/** What an enrolment says of its user, as a piece of SQL. */
export function ofEnrolment(column: "user_key" | "user_id", companyKey: number, id: string): Sql {
  return sql`(SELECT ${rawSql(column)} FROM enrolments WHERE company_key = ${companyKey} AND id = ${id})`;
}

/** Reads all enrolments of a user, open and withdrawn, in the order they started. */
export function selectEnrolmentsOfUser(companyKey: number, userKey: number | Sql): Read<Enrolment[]> {
  return selectAll(
    sql`${SELECT} WHERE e.enrolment_key IN ${ofUser(companyKey, userKey)} ORDER BY e.enrolment_key`,
    toEnrolment,
  );
}

/** Reads how users, by their keys, are or were enrolled in an item: of each the open enrolment, or else the latest. */
export function selectEnrolmentsInItem(
  userKeys: readonly number[],
  { kind, id }: Pick<GroupAutoEnrolment, "kind" | "id">,
): Read<Map<number, Enrolment>> {
  const statement = sql`${SELECT} WHERE e.user_key IN (SELECT value FROM json_each(${JSON.stringify(userKeys)}))
    AND e.kind = ${kind} AND e.item_id = ${id} ORDER BY e.status = 'active' AND e.given IS 1, e.enrolment_key`;
  const read = selectAll(statement, toEnrolment);
  // Of those with one key the last counts.
  return { ...read, decode: (results) => new Map(read.decode(results).map((row) => [row.userKey, row])) };
}

/** A user's own enrolments, and the open ones that another SCIM user of the same person holds. */
function ofUser(companyKey: number, userKey: number | Sql): Sql {
  return sql`
(SELECT enrolment_key FROM enrolments WHERE user_key = ${userKey} UNION
 SELECT o.enrolment_key FROM users me JOIN enrolments o ON o.company_key = me.company_key
   AND o.person_key = me.email_key AND o.status = 'active' WHERE me.user_key = ${userKey} AND me.company_key = ${companyKey})`;
}

function heldBy(targetGroupKey: number): Sql {
  return sql`e.status = 'active' AND e.given = 1
AND EXISTS (SELECT 1 FROM auto_enrolments a WHERE a.company_key = e.company_key AND a.target_group_key = ${targetGroupKey}
  AND a.kind = e.kind AND a.item_id = e.item_id)
AND EXISTS (SELECT 1 FROM target_group_members m WHERE m.target_group_key = ${targetGroupKey} AND m.user_key IN ${PERSON})`;
}

const ITEM = columnsOf(autoEnrolments, "a", ["kind", "itemId", "name", "dueInDays", "reenrol"]);

/** The items a target group enrols its members in, by kind and id. */
export async function listAutoEnrolments(
  database: Database,
  companyKey: number,
  targetGroupKey: number,
): Promise<GroupAutoEnrolment[]> {
  return runRead(database, selectAutoEnrolments(companyKey, targetGroupKey));
}

/** Reads what `listAutoEnrolments` gives. */
export function selectAutoEnrolments(companyKey: number, targetGroupKey: number | Sql): Read<GroupAutoEnrolment[]> {
  return selectAll(
    sql`SELECT ${ITEM.list} FROM auto_enrolments a
      WHERE a.company_key = ${companyKey} AND a.target_group_key = ${targetGroupKey} ORDER BY a.kind, a.item_id`,
    toItem,
  );
}

/** What a target group enrols its members in, one item of it. */
export interface AutoEnrolmentOfGroup extends GroupAutoEnrolment {
  groupKey: number;
  groupId: string;
}

/**
 * Up to `take` items that target groups of a company enrol their members in, by the groups' keys, then by kind and id, after
 * the one of `after`.
 */
export async function listAutoEnrolmentsOfAll(
  database: Database,
  companyKey: number,
  { take, after }: { take: number; after: Pick<AutoEnrolmentOfGroup, "groupKey" | "kind" | "id"> | null },
): Promise<AutoEnrolmentOfGroup[]> {
  const statement = sql`
    SELECT ${ITEM.list}, a.target_group_key AS groupKey, t.id AS groupId FROM auto_enrolments a
    JOIN target_groups t ON t.target_group_key = a.target_group_key
    WHERE a.company_key = ${companyKey}
      AND (a.target_group_key, a.kind, a.item_id) > (${after?.groupKey ?? 0}, ${after?.kind ?? ""}, ${after?.id ?? ""})
    ORDER BY a.target_group_key, a.kind, a.item_id LIMIT ${take}`;
  const read = selectAll(statement, (selected) => {
    const { groupKey, groupId } = selected as Pick<AutoEnrolmentOfGroup, "groupKey" | "groupId">; // by the statement
    return { ...toItem(selected), groupKey, groupId };
  });
  return runRead(database, read);
}

function toItem(selected: unknown): GroupAutoEnrolment {
  const { kind, itemId, name, ...terms } = ITEM.read(selected);
  return { kind, id: itemId, name, ...presentTerms(terms) };
}

function toEnrolment(selected: unknown): Enrolment {
  const { groupIds } = selected as { groupIds: string }; // by SELECT, which builds them by json_group_array
  return { ...COLUMNS.read(selected), groupIds: JSON.parse(groupIds) as string[] };
}
