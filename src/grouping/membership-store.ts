import { targetGroups, users } from "../directory/tables.ts";
import { ORIGIN, ofOrigin, readOrigin } from "../directory/user-origin.ts";
import { bytesOf, type Stretch, selectStretch } from "../platform/byte-budget.ts";
import { columnsOf } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import { type Read, runRead, selectAll } from "../platform/read-batch.ts";
import { spanAfter } from "../platform/row-keys.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import { explainReason, type ReasonFacts } from "./explain-reason.ts";

/** Why a person is in a target group. */
export interface MembershipReason {
  kind: ReasonFacts["kind"];
  /** Null for a reason given by hand. */
  settingId: string | null;
  detail: string;
  requestId: string | null;
  /** The id of the hold by which it stays though its rule gives it no more; null for one that holds. */
  heldBy: string | null;
}

const MEMBER = columnsOf(users, "u", ["key", "id", "userName", "active", "firstName", "lastName"]);
const GROUP = columnsOf(targetGroups, "t", ["id", "name"]);

/** A member of a target group with the reasons it is one. */
export interface TargetGroupMember {
  userKey: number;
  userId: string;
  userName: string;
  active: boolean;
  firstName: string | null;
  lastName: string | null;
  /** What the list is sorted by, and then the user name; null where members come as they were added. */
  sorted: { place: string; name: string } | null;
  /** Whether a live SCIM setting keeps the person up to date. */
  managed: boolean;
  /** Whether the person is being removed with a SCIM setting. */
  beingRemoved: boolean;
  /** The id of the hold in which the end of the person as a whole waits, or null. */
  heldBy: string | null;
  reasons: MembershipReason[];
}

/** A target group of a person with the reasons the person is in it. */
export interface GroupOfUser {
  id: string;
  name: string;
  reasons: MembershipReason[];
}

/** The facts of one membership's reasons (`target_group_key` and `user_key` of the alias `p`) as a JSON array. */
const REASONS = sql`
(SELECT json_group_array(json_object('kind', m.kind, 'settingId', ${ofOrigin("id")}, 'settingName', ${ofOrigin("name")},
   'targetGroupName', t.name, 'subject', coalesce(g.display_name, m.detail), 'requestId', m.request_id,
   'heldBy', (SELECT h.id FROM holds h WHERE h.hold_key = m.held_by
     AND (s.status <> 'deleted' OR m.held_version IS NOT NULL))))
 FROM target_group_members m
 JOIN target_groups t ON t.target_group_key = m.target_group_key
 LEFT JOIN scim_settings s ON s.setting_key = m.setting_key
 LEFT JOIN groups g ON g.group_key = m.source_key
 WHERE m.target_group_key = p.target_group_key AND m.user_key = p.user_key) AS reasons`;

/** The hold in which the end of the user `u` waits. */
const HELD_BY = rawSql(
  "(SELECT h.id FROM holds h WHERE h.hold_key = u.held_by AND u.held_version IS NOT NULL) AS heldBy",
);

/** Up to `take` members of a target group in the order they came, after the user with key `after`. */
export async function listTargetGroupMembers(
  database: Database,
  targetGroupKey: number,
  page: { take: number; after: number | null },
): Promise<Stretch<TargetGroupMember>> {
  const { take, after } = page;
  const near = sql`SELECT DISTINCT user_key AS k, NULL AS place, NULL AS byName FROM target_group_members
    WHERE target_group_key = ${targetGroupKey} AND user_key > ${after ?? 0} ORDER BY user_key LIMIT ${take}`;
  return runRead(database, selectMembers(targetGroupKey, near, rawSql("k")));
}

const SIZE = bytesOf(["u.user_name", "u.user_name_key", "u.first_name", "u.last_name"]);

/** Reads the members of a target group that `near` selects the keys of, as `k`, and what they are sorted by, as `place` and `byName`; `order` is by these. */
export function selectMembers(targetGroupKey: number, near: Sql, order: Sql): Read<Stretch<TargetGroupMember>> {
  const statement = sql`
    SELECT ${MEMBER.list}, p.place, p.byName, ${ORIGIN}, ${REASONS}, ${HELD_BY}, ${SIZE} AS size
    FROM (SELECT ${targetGroupKey} AS target_group_key, n.k AS user_key, n.* FROM (${near}) n) p
    JOIN users u ON u.user_key = p.user_key JOIN scim_settings s ON s.setting_key = u.setting_key ORDER BY ${order}`;
  return selectStretch(statement, (selected) => {
    const { key: userKey, id: userId, ...user } = MEMBER.read(selected);
    const { managed, beingRemoved } = readOrigin(selected);
    const { heldBy, place, byName } = selected as SelectedMember; // by HELD_BY and the statement
    const sorted = place === null ? null : { place, name: byName ?? "" };
    return { userKey, userId, ...user, sorted, managed, beingRemoved, heldBy, reasons: readReasons(selected) };
  });
}

interface SelectedMember {
  heldBy: string | null;
  place: string | null;
  byName: string | null;
}

/** Who is in which target group. */
interface Membership {
  groupKey: number;
  userKey: number;
  groupId: string;
  userId: string;
}

/** Up to `take` memberships of all target groups of a company, by group and user, after one. */
export function listMembersOfAll(
  database: Database,
  companyKey: number,
  { take, after }: { take: number; after: Pick<Membership, "groupKey" | "userKey"> | null },
): Promise<Membership[]> {
  const span = spanAfter(companyKey, after?.groupKey ?? null);
  // The group of the last page may go on: its key is looked at again, from the user on.
  const from = after === null ? span.after + 1 : after.groupKey;
  const statement = sql`
    SELECT p.target_group_key AS groupKey, p.user_key AS userKey, t.id AS groupId, u.id AS userId
    FROM (SELECT DISTINCT target_group_key, user_key FROM target_group_members
          WHERE target_group_key >= ${from} AND target_group_key < ${span.before}
            AND (target_group_key, user_key) > (${from}, ${after?.userKey ?? 0})
          ORDER BY target_group_key, user_key LIMIT ${take}) p
    JOIN target_groups t ON t.target_group_key = p.target_group_key
    JOIN users u ON u.user_key = p.user_key ORDER BY p.target_group_key, p.user_key`;
  return runRead(
    database,
    selectAll(statement, (row) => row as Membership),
  ); // the columns of the statement
}

/** Reads the target groups a user is in, by name. */
export function selectGroupsOfUser(userKey: number | Sql): Read<GroupOfUser[]> {
  const statement = sql`
    SELECT ${GROUP.list}, ${REASONS}
    FROM (SELECT DISTINCT user_key, target_group_key FROM target_group_members WHERE user_key = ${userKey}) p
    JOIN target_groups t ON t.target_group_key = p.target_group_key ORDER BY t.name_key`;
  return selectAll(statement, (selected) => ({ ...GROUP.read(selected), reasons: readReasons(selected) }));
}

function readReasons(selected: unknown): MembershipReason[] {
  const { reasons } = selected as { reasons: string }; // by REASONS, which builds them by json_object
  const facts = JSON.parse(reasons) as (ReasonFacts & Pick<MembershipReason, "settingId" | "requestId" | "heldBy">)[];
  return facts.map((reason) => ({
    kind: reason.kind,
    settingId: reason.settingId,
    detail: explainReason(reason),
    requestId: reason.requestId,
    heldBy: reason.heldBy,
  }));
}
