import type { Database } from "../platform/database.ts";
import { spanAfter } from "../platform/ids.ts";
import { type Read, rowsOf, runRead } from "../platform/read-batch.ts";
import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";

/** What people can be enrolled in. */
export type ItemKind = "training" | "phishing";

/** An item that a target group enrols its members in. */
export interface GroupAutoEnrolment {
  kind: ItemKind;
  id: string;
  name: string;
}

/** A person's enrolment in an item; times in milliseconds. */
export interface Enrolment {
  key: number;
  id: string;
  userId: string;
  /** The user's row, which may be gone. */
  userKey: number;
  kind: ItemKind;
  itemId: string;
  name: string;
  status: "active" | "withdrawn";
  startedAt: number;
  withdrawnAt: number | null;
  /** The SCIM or API request that started it. */
  requestId: string | null;
  /** The target groups that hold it up today; none once withdrawn. */
  groupIds: string[];
}

/** Which enrolments a list shows; a target group holds up only active ones. */
export interface EnrolmentFilter {
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
 WHERE e.status = 'active' AND m.user_key IN ${PERSON})`;

const SELECT = sql`
SELECT e.enrolment_key AS key, e.id, e.user_id AS userId, e.user_key AS userKey, e.kind, e.item_id AS itemId, e.name, e.status,
  e.started_at AS startedAt, e.withdrawn_at AS withdrawnAt, e.request_id AS requestId, ${GROUP_IDS} AS groupIds
FROM enrolments e`;

type Row = Omit<Enrolment, "groupIds"> & { groupIds: string };

/** Up to `take` enrolments of a company in the order they started, after the one with key `after`. */
export async function listEnrolments(
  database: Database,
  companyKey: number,
  filter: EnrolmentFilter,
  page: { take: number; after: number | null },
): Promise<Enrolment[]> {
  const { userKey, targetGroupKey, itemId, kind, status } = filter;
  const { after, before } = spanAfter(companyKey, page.after);
  const conditions = [sql`e.enrolment_key > ${after} AND e.enrolment_key < ${before}`];
  if (userKey !== undefined) conditions.push(sql`e.enrolment_key IN ${ofUser(companyKey, userKey)}`);
  if (targetGroupKey !== undefined) conditions.push(heldBy(targetGroupKey));
  if (itemId !== undefined) conditions.push(sql`e.item_id = ${itemId}`);
  if (kind !== undefined) conditions.push(sql`e.kind = ${kind}`);
  if (status !== undefined) conditions.push(sql`e.status = ${status}`);
  const where = joinSql(conditions, " AND ");
  return runRead(database, readEnrolments(sql`${SELECT} WHERE ${where} ORDER BY e.enrolment_key LIMIT ${page.take}`));
}

/** Reads the company's enrolment of an id, or null. */
export function selectEnrolment(companyKey: number, id: string): Read<Enrolment | null> {
  const read = readEnrolments(sql`${SELECT} WHERE e.company_key = ${companyKey} AND e.id = ${id}`);
  return { ...read, decode: (results) => read.decode(results)[0] ?? null };
}

/** What an enrolment says of its user, as a piece of SQL. */
export function ofEnrolment(column: "user_key" | "user_id", companyKey: number, id: string): Sql {
  return sql`(SELECT ${rawSql(column)} FROM enrolments WHERE company_key = ${companyKey} AND id = ${id})`;
}

/** Reads all enrolments of a user, open and withdrawn, in the order they started. */
export function selectEnrolmentsOfUser(companyKey: number, userKey: number | Sql): Read<Enrolment[]> {
  return readEnrolments(
    sql`${SELECT} WHERE e.enrolment_key IN ${ofUser(companyKey, userKey)} ORDER BY e.enrolment_key`,
  );
}

/** A user's own enrolments, and the open ones that another SCIM user of the same person holds. */
function ofUser(companyKey: number, userKey: number | Sql): Sql {
  return sql`
(SELECT enrolment_key FROM enrolments WHERE user_key = ${userKey} UNION
 SELECT o.enrolment_key FROM users me JOIN enrolments o ON o.company_key = me.company_key
   AND o.person_key = me.email_key AND o.status = 'active' WHERE me.user_key = ${userKey} AND me.company_key = ${companyKey})`;
}

function heldBy(targetGroupKey: number): Sql {
  return sql`e.status = 'active'
AND EXISTS (SELECT 1 FROM auto_enrolments a WHERE a.company_key = e.company_key AND a.target_group_key = ${targetGroupKey}
  AND a.kind = e.kind AND a.item_id = e.item_id)
AND EXISTS (SELECT 1 FROM target_group_members m WHERE m.target_group_key = ${targetGroupKey} AND m.user_key IN ${PERSON})`;
}

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
  return {
    statements: [
      sql`SELECT kind, item_id AS id, name FROM auto_enrolments
        WHERE company_key = ${companyKey} AND target_group_key = ${targetGroupKey} ORDER BY kind, item_id`,
    ],
    decode: ([rows]) => rowsOf<GroupAutoEnrolment>(rows),
  };
}

function readEnrolments(statement: Sql): Read<Enrolment[]> {
  return { statements: [statement], decode: ([rows]) => rowsOf<Row>(rows).map(toEnrolment) };
}

function toEnrolment(row: Row): Enrolment {
  // Built by json_group_array in the query above.
  return { ...row, groupIds: JSON.parse(row.groupIds) as string[] };
}
