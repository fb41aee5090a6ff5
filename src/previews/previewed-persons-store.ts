import { selectEnd, type UserSpan, usersWithin } from "../directory/next-users.ts";
import { isSeen } from "../directory/people-not-in-shadow.ts";
import { autoEnrolments, enrolments, users } from "../directory/tables.ts";
import type { AutoEnrolment, PersonUser, PresentEnrolment } from "../enrolment/plan-enrolments.ts";
import { columnsOf } from "../platform/columns.ts";
import { type Read, rowsOf, selectAll, together } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";

/** A user of a person, with its key. */
export interface KeyedPersonUser extends PersonUser {
  userKey: number;
}

/** A person as enrolments are planned for it. */
export interface EnrolledPerson<User = KeyedPersonUser> {
  users: User[];
  present: PresentEnrolment[];
}

const PRESENT = columnsOf(enrolments, "e", [
  ...(["userId", "kind", "itemId", "name", "status", "progressStatus", "completedAt", "given"] as const),
]);
const ITEM_OF_GROUP = columnsOf(autoEnrolments, "a", [
  ...(["targetGroupKey", "kind", "itemId", "name", "dueInDays", "reenrol"] as const),
]);

const USER = columnsOf(users, "u", ["key", "id", "active"]);
const TARGET_GROUPS = sql`(SELECT json_group_array(DISTINCT m.target_group_key) FROM target_group_members m
   WHERE m.user_key = u.user_key)`;

/**
 * Reads the persons that users, by their keys, are: all their users but those in shadow, and what they are enrolled in. Of a
 * setting that goes live nobody counts as in shadow.
 */
export function selectPersonsOf(userKeys: readonly number[], goingLive: number | null = null): Read<EnrolledPerson[]> {
  const columns = sql`${USER.list}, ${TARGET_GROUPS} AS targetGroupKeys`;
  return selectPersons(keysIn(userKeys), { columns, goingLive }, (row) => {
    const { key: userKey, id: userId, active } = USER.read(row);
    const { targetGroupKeys } = row as { targetGroupKeys: string }; // JSON, by the statement above
    return { userKey, userId, active, targetGroupKeys: JSON.parse(targetGroupKeys) };
  });
}

/** Keys as the rows of a statement, as `k`. */
export function keysIn(userKeys: readonly number[]): Sql {
  return sql`SELECT value AS k FROM json_each(${JSON.stringify(userKeys)})`;
}

/** The same of users whose keys a statement gives as `k`, with columns of each user `u`. */
export function selectPersons<User>(
  keys: Sql,
  { columns, goingLive = null }: { columns: Sql; goingLive?: number | null },
  toUser: (row: object) => User,
): Read<EnrolledPerson<User>[]> {
  const persons = sql`WITH p AS MATERIALIZED (SELECT DISTINCT u.company_key, u.email_key,
      coalesce(u.email_key, 'user:' || u.id) AS person, iif(u.email_key IS NULL, u.user_key, NULL) AS userKey
    FROM (${keys}) j CROSS JOIN users u ON u.user_key = j.k)`;
  const hidden = sql`SELECT s.setting_key, s.shadow_after, s.shadow_until FROM scim_settings s
    WHERE s.company_key = (SELECT company_key FROM p LIMIT 1) AND s.shadow_after IS NOT NULL AND s.setting_key IS NOT ${goingLive}`;
  const users = sql`${persons}, hidden AS MATERIALIZED (${hidden}) SELECT o.person, ${columns}
    FROM (SELECT p.person, p.userKey AS k FROM p WHERE p.userKey IS NOT NULL
      UNION SELECT p.person, x.user_key FROM p CROSS JOIN users x
        ON x.company_key = p.company_key AND x.email_key = p.email_key) o
    CROSS JOIN users u ON u.user_key = o.k WHERE NOT EXISTS (SELECT 1 FROM hidden s WHERE s.setting_key = u.setting_key
      AND NOT ${isSeen()}) ORDER BY o.person, u.user_key`;
  const present = sql`${persons} SELECT p.person, ${PRESENT.list}
    FROM p CROSS JOIN enrolments e ON e.company_key = p.company_key AND e.person_key = p.person
      AND (e.status = 'active' OR e.progress_status = 'completed')`;
  return {
    statements: [users, present],
    decode: ([userRows, presentRows]) => {
      const found = new Map<string, EnrolledPerson<User>>();
      for (const row of rowsOf<{ person: string }>(userRows)) {
        const known = found.get(row.person) ?? { users: [], present: [] };
        known.users.push(toUser(row));
        found.set(row.person, known);
      }
      for (const row of rowsOf<{ person: string }>(presentRows)) found.get(row.person)?.present.push(PRESENT.read(row));
      return [...found.values()];
    },
  };
}

/** Reads what the target groups of a company enrol their members in, by their keys. */
export function selectItems(companyKey: number): Read<Map<number, AutoEnrolment[]>> {
  return selectItemsBy(sql`SELECT ${ITEM_OF_GROUP.list} FROM auto_enrolments a WHERE a.company_key = ${companyKey}`);
}

/** Reads the same of some of them, whose keys a statement gives as `k`. */
export function selectItemsOf(companyKey: number, keys: Sql): Read<Map<number, AutoEnrolment[]>> {
  return selectItemsBy(sql`SELECT ${ITEM_OF_GROUP.list} FROM (${keys}) j
    CROSS JOIN auto_enrolments a ON a.company_key = ${companyKey} AND a.target_group_key = j.k`);
}

function selectItemsBy(statement: Sql): Read<Map<number, AutoEnrolment[]>> {
  return {
    statements: [statement],
    decode: ([rows]) => {
      const items = new Map<number, AutoEnrolment[]>();
      for (const { targetGroupKey, ...item } of rowsOf<object>(rows).map(ITEM_OF_GROUP.read))
        items.set(targetGroupKey, [...(items.get(targetGroupKey) ?? []), item]);
      return items;
    },
  };
}

/** Reads the keys of a target group's members after one: up to `take`. */
export function selectMemberKeys(
  targetGroupKey: number,
  { after, take }: { after: number; take: number },
): Read<number[]> {
  const statement = sql`SELECT DISTINCT m.user_key AS k FROM target_group_members m
    WHERE m.target_group_key = ${targetGroupKey} AND m.user_key > ${after} ORDER BY m.user_key LIMIT ${take}`;
  return { statements: [statement], decode: ([rows]) => rowsOf<{ k: number }>(rows).map(({ k }) => k) };
}

/** Users of a setting in a stretch of the company's, and how many of them each target group has; `edge` is where it ends. */
interface UsersInStretch {
  users: { k: number }[];
  groups: { targetGroupKey: number; people: number }[];
  edge: number | null;
}

/** Reads which of a company's next users are of a setting, and what these are in. */
export function selectUsersInStretch(span: UserSpan, settingKey: number): Read<UsersInStretch> {
  const users = usersWithin(span, settingKey);
  const groupsOfUsers = sql`SELECT m.target_group_key AS targetGroupKey, count(DISTINCT m.user_key) AS people
    FROM (SELECT u.user_key AS k ${users}) o CROSS JOIN target_group_members m ON m.user_key = o.k GROUP BY m.target_group_key`;
  return together({
    users: selectAll(sql`SELECT u.user_key AS k ${users} ORDER BY u.user_key`, (row) => row as { k: number }), // by the statement
    groups: selectAll(groupsOfUsers, (row) => row as UsersInStretch["groups"][number]), // by the statement
    edge: selectEnd(span),
  });
}

/** Reads how many members some target groups have, by their keys. */
export function selectMemberCounts(targetGroupKeys: readonly number[]): Read<{ k: number; members: number }[]> {
  const statement = sql`SELECT g.target_group_key AS k, g.member_count AS members
    FROM json_each(${JSON.stringify(targetGroupKeys)}) j CROSS JOIN target_groups g ON g.target_group_key = j.value`;
  return selectAll(statement, (row) => row as { k: number; members: number }); // by the statement
}
