import type { Database } from "../platform/database.ts";
import { KEY_SPAN } from "../platform/ids.ts";

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
const PERSON = `
(SELECT e.user_key AS user_key UNION
 SELECT u.user_key FROM users u WHERE u.company_key = e.company_key AND u.email_key = e.person_key AND u.active = 1)`;

const GROUP_IDS = `
(SELECT json_group_array(DISTINCT t.id)
 FROM target_group_members m
 JOIN auto_enrolments a ON a.company_key = e.company_key AND a.target_group_key = m.target_group_key
   AND a.kind = e.kind AND a.item_id = e.item_id
 JOIN target_groups t ON t.target_group_key = m.target_group_key
 WHERE e.status = 'active' AND m.user_key IN ${PERSON})`;

const SELECT = `
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
  const conditions = ["e.enrolment_key > ?", "e.enrolment_key < ?"];
  const params: (string | number)[] = [page.after ?? companyKey * KEY_SPAN, (companyKey + 1) * KEY_SPAN];
  const add = (condition: string, ...values: (string | number)[]) => {
    conditions.push(condition);
    params.push(...values);
  };
  if (filter.userKey !== undefined) add(`e.enrolment_key IN ${OF_USER}`, filter.userKey, filter.userKey, companyKey);
  if (filter.targetGroupKey !== undefined) add(HELD_BY_GROUP, filter.targetGroupKey, filter.targetGroupKey);
  if (filter.itemId !== undefined) add("e.item_id = ?", filter.itemId);
  if (filter.kind !== undefined) add("e.kind = ?", filter.kind);
  if (filter.status !== undefined) add("e.status = ?", filter.status);
  const { results } = await database.d1
    .prepare(`${SELECT} WHERE ${conditions.join(" AND ")} ORDER BY e.enrolment_key LIMIT ?`)
    .bind(...params, page.take)
    .all<Row>();
  return results.map(toEnrolment);
}

/** The company's enrolment of an id, or null. */
export async function findEnrolment(database: Database, companyKey: number, id: string): Promise<Enrolment | null> {
  const row = await database.d1
    .prepare(`${SELECT} WHERE e.company_key = ? AND e.id = ?`)
    .bind(companyKey, id)
    .first<Row>();
  return row === null ? null : toEnrolment(row);
}

/** A user's own enrolments, and the open ones that another SCIM user of the same person holds. */
const OF_USER = `
(SELECT enrolment_key FROM enrolments WHERE user_key = ? UNION
 SELECT o.enrolment_key FROM users me JOIN enrolments o ON o.company_key = me.company_key
   AND o.person_key = me.email_key AND o.status = 'active' WHERE me.user_key = ? AND me.company_key = ?)`;

const HELD_BY_GROUP = `
e.status = 'active'
AND EXISTS (SELECT 1 FROM auto_enrolments a WHERE a.company_key = e.company_key AND a.target_group_key = ?
  AND a.kind = e.kind AND a.item_id = e.item_id)
AND EXISTS (SELECT 1 FROM target_group_members m WHERE m.target_group_key = ? AND m.user_key IN ${PERSON})`;

/** All enrolments of a user, open and withdrawn, in the order they started. */
export async function listEnrolmentsOfUser(
  database: Database,
  companyKey: number,
  userKey: number,
): Promise<Enrolment[]> {
  const { results } = await database.d1
    .prepare(`${SELECT} WHERE e.enrolment_key IN ${OF_USER} ORDER BY e.enrolment_key`)
    .bind(userKey, userKey, companyKey)
    .all<Row>();
  return results.map(toEnrolment);
}

/** The items a target group enrols its members in, by kind and id. */
export async function listAutoEnrolments(
  database: Database,
  companyKey: number,
  targetGroupKey: number,
): Promise<GroupAutoEnrolment[]> {
  const { results } = await database.d1
    .prepare(
      `SELECT kind, item_id AS id, name FROM auto_enrolments
       WHERE company_key = ? AND target_group_key = ? ORDER BY kind, item_id`,
    )
    .bind(companyKey, targetGroupKey)
    .all<GroupAutoEnrolment>();
  return results;
}

function toEnrolment(row: Row): Enrolment {
  // Built by json_group_array in the query above.
  return { ...row, groupIds: JSON.parse(row.groupIds) as string[] };
}
