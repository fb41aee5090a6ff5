import type { Database } from "../platform/database.ts";
import { type Position, resumeValue } from "../platform/position.ts";
import { type Read, rowsOf, runRead } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import { explainReason, type ReasonFacts } from "./explain-reason.ts";
import type { TargetGroup } from "./target-group.ts";

/** A target group as lists show it, with its kept member count. */
export interface CountedTargetGroup extends Omit<TargetGroup, "keptAs"> {
  memberCount: number;
}

/** Why a person is in a target group. */
export interface MembershipReason {
  kind: ReasonFacts["kind"];
  /** Null for a reason given by hand. */
  settingId: string | null;
  detail: string;
  requestId: string | null;
}

/** A member of a target group with the reasons it is one. */
export interface TargetGroupMember {
  userKey: number;
  userId: string;
  userName: string;
  active: boolean;
  /** Whether a live SCIM setting keeps the person up to date. */
  managed: boolean;
  reasons: MembershipReason[];
}

/** A target group of a person with the reasons the person is in it. */
export interface GroupOfUser {
  id: string;
  name: string;
  reasons: MembershipReason[];
}

const GROUP = rawSql(`
SELECT target_group_key AS key, id, name, name_key AS nameKey, source, member_count AS memberCount,
  created_at AS createdAt
FROM target_groups`);

/** The facts of one membership's reasons (`target_group_key` and `user_key` of the alias `p`) as a JSON array. */
const REASONS = rawSql(`
(SELECT json_group_array(json_object('kind', m.kind, 'settingId', s.id, 'settingName', s.name,
   'targetGroupName', t.name, 'subject', coalesce(g.display_name, m.detail), 'requestId', m.request_id))
 FROM target_group_members m
 JOIN target_groups t ON t.target_group_key = m.target_group_key
 LEFT JOIN scim_settings s ON s.setting_key = m.setting_key
 LEFT JOIN groups g ON g.group_key = m.source_key
 WHERE m.target_group_key = p.target_group_key AND m.user_key = p.user_key) AS reasons`);

/** Up to `take` target groups of a company by name, after a position. */
export async function listTargetGroups(
  database: Database,
  companyKey: number,
  page: { take: number; after: Position | null },
): Promise<CountedTargetGroup[]> {
  return runRead(database, selectTargetGroups(companyKey, page));
}

/** Reads what `listTargetGroups` gives. */
export function selectTargetGroups(
  companyKey: number,
  { take, after }: { take: number; after: Position | null },
): Read<CountedTargetGroup[]> {
  const own = sql`company_key = ${companyKey}`;
  const row = sql`SELECT name_key AS v FROM target_groups WHERE target_group_key = ${after?.key ?? 0} AND ${own}`;
  const from = after === null ? rawSql("TRUE") : sql`name_key > ${resumeValue(after, row, false)}`;
  return {
    statements: [sql`${GROUP} WHERE ${own} AND ${from} ORDER BY name_key LIMIT ${take}`],
    decode: ([rows]) => rowsOf<CountedTargetGroup>(rows),
  };
}

/** One target group of a company, or null. */
export async function findTargetGroup(
  database: Database,
  companyKey: number,
  id: string,
): Promise<CountedTargetGroup | null> {
  return runRead(database, selectTargetGroup(companyKey, id));
}

/** Reads one target group of a company, or null. */
export function selectTargetGroup(companyKey: number, id: string): Read<CountedTargetGroup | null> {
  return {
    statements: [sql`${GROUP} WHERE company_key = ${companyKey} AND id = ${id}`],
    decode: ([rows]) => rowsOf<CountedTargetGroup>(rows)[0] ?? null,
  };
}

/** The key of a company's target group, as a piece of SQL. */
export function targetGroupKeyOf(companyKey: number, id: string): Sql {
  return sql`(SELECT target_group_key FROM target_groups WHERE company_key = ${companyKey} AND id = ${id})`;
}

/** Up to `take` members of a target group in the order they came, after the user with key `after`. */
export async function listTargetGroupMembers(
  database: Database,
  targetGroupKey: number,
  page: { take: number; after: number | null },
): Promise<TargetGroupMember[]> {
  return runRead(database, selectTargetGroupMembers(targetGroupKey, page));
}

/** Reads what `listTargetGroupMembers` gives. */
export function selectTargetGroupMembers(
  targetGroupKey: number | Sql,
  { take, after }: { take: number; after: number | null },
): Read<TargetGroupMember[]> {
  const statement = sql`
    SELECT u.user_key AS userKey, u.id AS userId, u.user_name AS userName, u.active, s.status <> 'deleted' AS managed,
      ${REASONS}
    FROM (SELECT DISTINCT target_group_key, user_key FROM target_group_members
          WHERE target_group_key = ${targetGroupKey} AND user_key > ${after ?? 0} ORDER BY user_key LIMIT ${take}) p
    JOIN users u ON u.user_key = p.user_key JOIN scim_settings s ON s.setting_key = u.setting_key ORDER BY p.user_key`;
  return {
    statements: [statement],
    decode: ([rows]) =>
      rowsOf<MemberRow>(rows).map((row) => ({
        ...row,
        active: row.active === 1,
        managed: row.managed === 1,
        reasons: readReasons(row.reasons),
      })),
  };
}

type MemberRow = Pick<TargetGroupMember, "userKey" | "userId" | "userName"> & {
  active: number;
  managed: number;
  reasons: string;
};

/** Reads the target groups a user is in, by name. */
export function selectGroupsOfUser(userKey: number | Sql): Read<GroupOfUser[]> {
  const statement = sql`
    SELECT t.id, t.name, ${REASONS}
    FROM (SELECT DISTINCT user_key, target_group_key FROM target_group_members WHERE user_key = ${userKey}) p
    JOIN target_groups t ON t.target_group_key = p.target_group_key ORDER BY t.name_key`;
  return {
    statements: [statement],
    decode: ([rows]) =>
      rowsOf<Omit<GroupOfUser, "reasons"> & { reasons: string }>(rows).map((row) => ({
        ...row,
        reasons: readReasons(row.reasons),
      })),
  };
}

function readReasons(text: string): MembershipReason[] {
  // Built by json_object in REASONS.
  const facts = JSON.parse(text) as (ReasonFacts & Pick<MembershipReason, "settingId" | "requestId">)[];
  return facts.map((reason) => ({
    kind: reason.kind,
    settingId: reason.settingId,
    detail: explainReason(reason),
    requestId: reason.requestId,
  }));
}
