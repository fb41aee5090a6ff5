import { env } from "cloudflare:workers";

const OF_COMPANY = "u.company_key = (SELECT company_key FROM companies WHERE id = ?)";

/** A user with what it is of: its person, its setting, and whether it is in shadow there. */
interface UserRow {
  id: string;
  key: number;
  active: number;
  person: string;
  settingId: string;
  isShown: number;
}

/** An enrolment that is not withdrawn. */
interface EnrolmentRow {
  id: string;
  userId: string;
  person: string;
  item: string;
  isOpen: number;
}

/** One user in one target group, whatever the reasons. */
interface MembershipRow {
  userId: string;
  groupId: string;
}

/** The target side of a company as its tables have it, by ids. */
export interface TargetSide {
  users: Map<string, UserRow>;
  groups: Set<string>;
  memberships: Map<string, MembershipRow>;
  enrolments: Map<string, EnrolmentRow>;
}

/** The rows of a statement about a company, by its id. */
export async function readRows<Row>(sql: string, companyId: string): Promise<Row[]> {
  return (await env.DB.prepare(sql).bind(companyId).all<Row>()).results;
}

/** Reads the target side of a company. */
export async function readSide(companyId: string): Promise<TargetSide> {
  const users = await readRows<UserRow>(
    `SELECT u.id, u.user_key AS key, u.active, coalesce(u.email_key, 'user:' || u.id) AS person, s.id AS settingId,
       s.shadow_after IS NULL OR u.user_key <= s.shadow_after OR u.user_key > coalesce(s.shadow_until, 1e18) AS isShown
     FROM users u JOIN scim_settings s USING (setting_key) WHERE ${OF_COMPANY}`,
    companyId,
  );
  const groups = await readRows<{ id: string }>(`SELECT id FROM target_groups u WHERE ${OF_COMPANY}`, companyId);
  const memberships = await readRows<MembershipRow>(
    `SELECT DISTINCT u.id AS userId, g.id AS groupId FROM users u JOIN target_group_members m USING (user_key)
     JOIN target_groups g USING (target_group_key) WHERE ${OF_COMPANY}`,
    companyId,
  );
  const enrolments = await readRows<EnrolmentRow>(
    `SELECT u.id, u.user_id AS userId, u.person_key AS person, u.kind || ' ' || u.item_id AS item,
       u.progress_status IS NOT 'completed' AS isOpen FROM enrolments u WHERE u.status = 'active' AND ${OF_COMPANY}`,
    companyId,
  );
  return {
    users: byId(users),
    groups: new Set(groups.map(({ id }) => id)),
    memberships: new Map(memberships.map((one) => [`${one.userId} ${one.groupId}`, one])),
    enrolments: byId(enrolments),
  };
}

function byId<Row extends { id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}

/** What is in the one and not in the other. */
function missingIn<Row>(some: ReadonlyMap<string, Row>, others: ReadonlyMap<string, Row>): Row[] {
  return [...some].flatMap(([id, row]) => (others.has(id) ? [] : [row]));
}

/** What came of something, by the tables before and after it. */
export function effectOf(before: TargetSide, after: TargetSide) {
  const isNowInactive = ({ id, active }: UserRow) => active === 1 && after.users.get(id)?.active === 0;
  const groupsIn = ({ memberships }: TargetSide) => new Set([...memberships.values()].map(({ groupId }) => groupId));
  const [filledBefore, filledAfter] = [groupsIn(before), groupsIn(after)];
  return {
    deleted: missingIn(before.users, after.users),
    deactivated: [...before.users.values()].filter(isNowInactive),
    left: missingIn(before.memberships, after.memberships),
    joined: missingIn(after.memberships, before.memberships),
    made: [...after.groups].filter((id) => !before.groups.has(id)),
    emptied: [...filledBefore].filter((id) => !filledAfter.has(id)),
    started: missingIn(after.enrolments, before.enrolments),
    withdrawn: missingIn(before.enrolments, after.enrolments),
    handedOver: [...before.enrolments.values()].filter(
      ({ id, userId }) => (after.enrolments.get(id)?.userId ?? userId) !== userId,
    ),
  };
}

/** How often each is there. */
export function countEach(items: readonly string[]): Record<string, number> {
  const all = Map.groupBy(items, (item) => item);
  return Object.fromEntries(Array.from(all, ([item, same]) => [item, same.length]));
}

/** How many persons are in each item, those with two enrolments in it once. */
export function countPersons(enrolments: readonly EnrolmentRow[]): Record<string, number> {
  return countEach([...new Map(enrolments.map(({ item, person }) => [`${item} ${person}`, item])).values()]);
}
