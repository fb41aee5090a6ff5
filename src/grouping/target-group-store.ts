import type { Database } from "../platform/database.ts";
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
  reasons: MembershipReason[];
}

/** A target group of a person with the reasons the person is in it. */
export interface GroupOfUser {
  id: string;
  name: string;
  reasons: MembershipReason[];
}

const GROUP = `
SELECT target_group_key AS key, id, name, name_key AS nameKey, source, member_count AS memberCount,
  created_at AS createdAt
FROM target_groups WHERE company_key = ?1`;

/** The facts of one membership's reasons (`target_group_key` and `user_key` of the alias `p`) as a JSON array. */
const REASONS = `
(SELECT json_group_array(json_object('kind', m.kind, 'settingId', s.id, 'settingName', s.name,
   'targetGroupName', t.name, 'subject', coalesce(g.display_name, m.detail), 'requestId', m.request_id))
 FROM target_group_members m
 JOIN target_groups t ON t.target_group_key = m.target_group_key
 LEFT JOIN scim_settings s ON s.setting_key = m.setting_key
 LEFT JOIN groups g ON g.group_key = m.source_key
 WHERE m.target_group_key = p.target_group_key AND m.user_key = p.user_key) AS reasons`;

/** Up to `take` target groups of a company by name, after the folded name `after`. */
export async function listTargetGroups(
  database: Database,
  companyKey: number,
  page: { take: number; after: string | null },
): Promise<CountedTargetGroup[]> {
  const { results } = await database.d1
    .prepare(`${GROUP} AND name_key > ?2 ORDER BY name_key LIMIT ?3`)
    .bind(companyKey, page.after ?? "", page.take)
    .all<CountedTargetGroup>();
  return results;
}

/** One target group of a company, or null. */
export async function findTargetGroup(
  database: Database,
  companyKey: number,
  id: string,
): Promise<CountedTargetGroup | null> {
  return database.d1.prepare(`${GROUP} AND id = ?2`).bind(companyKey, id).first<CountedTargetGroup>();
}

/** Up to `take` members of a target group in the order they came, after the user with key `after`. */
export async function listTargetGroupMembers(
  database: Database,
  targetGroupKey: number,
  page: { take: number; after: number | null },
): Promise<TargetGroupMember[]> {
  const { results } = await database.d1
    .prepare(
      `SELECT u.user_key AS userKey, u.id AS userId, u.user_name AS userName, u.active, ${REASONS}
       FROM (SELECT DISTINCT target_group_key, user_key FROM target_group_members
             WHERE target_group_key = ?1 AND user_key > ?2 ORDER BY user_key LIMIT ?3) p
       JOIN users u ON u.user_key = p.user_key ORDER BY p.user_key`,
    )
    .bind(targetGroupKey, page.after ?? 0, page.take)
    .all<{ userKey: number; userId: string; userName: string; active: number; reasons: string }>();
  return results.map((row) => ({ ...row, active: row.active === 1, reasons: readReasons(row.reasons) }));
}

/** The target groups a user is in, by name. */
export async function listGroupsOfUser(database: Database, userKey: number): Promise<GroupOfUser[]> {
  const { results } = await database.d1
    .prepare(
      `SELECT t.id, t.name, ${REASONS}
       FROM (SELECT DISTINCT user_key, target_group_key FROM target_group_members WHERE user_key = ?1) p
       JOIN target_groups t ON t.target_group_key = p.target_group_key ORDER BY t.name_key`,
    )
    .bind(userKey)
    .all<{ id: string; name: string; reasons: string }>();
  return results.map((row) => ({ ...row, reasons: readReasons(row.reasons) }));
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
