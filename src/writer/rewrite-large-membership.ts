import type { Group } from "../directory/group.ts";
import { packJson } from "../platform/pack-json.ts";
import { type Sql, sql } from "../platform/sql.ts";
import type { WriterSetting } from "../unit/company-config.ts";
import { addedUsers, MOST_KEYS_COMPARED, removedUsers } from "../unit/compare-members.ts";
import type { ComparedUsers, Comparison, MemberChange } from "../unit/member-change.ts";
import type { Ref } from "../unit/resource-references.ts";
import type { OperationContext } from "./operation-context.ts";
import { scheduleFollowUp, scheduleJoining } from "./schedule-follow-up.ts";
import { judgeMass } from "./trip-brake.ts";

/**
 * Changes more memberships than one commit can follow up: their rows are written as a set, without anybody being looked at
 * singly, and the target groups and enrolments of those whom it concerns follow in steps.
 */
export function rewriteMembers(
  context: OperationContext,
  setting: WriterSetting,
  group: Ref,
  change: MemberChange,
  comparison: Comparison,
): void {
  const { unit } = context;
  context.reserveCommit();
  const row = unit.groups.get(group);
  if (row === undefined) return;
  const { joins, leaves } = comparison;
  const hasAllKeys = joins.count <= MOST_KEYS_COMPARED && leaves.count <= MOST_KEYS_COMPARED;
  unit.executeAll(hasAllKeys ? writeKeys(row, comparison) : switchMembers(row, change));
  const more = joins.count - leaves.count;
  unit.execute(sql`UPDATE groups SET member_count = member_count + ${more} WHERE group_key = ${row.key}`);
  // A new name may have given the group another mirror in this same operation.
  const old = unit.groups.before(group)?.targetGroupKey ?? null;
  const isMoved = old !== row.targetGroupKey;
  if (old !== null)
    judgeMass(context, setting, { targetGroupKey: old, people: leaves.count, nowhereElse: leaves.nowhereElse });
  // Whose other user joins keeps its enrolments when it leaves: joins come first.
  if (row.targetGroupKey !== null && (isMoved || joins.count > 0)) scheduleJoining(context, row.key);
  if (old !== null && leaves.count > 0) scheduleFollowUp(context, "removeLeavers", old);
  if (old !== null && (isMoved || leaves.count > 0)) scheduleFollowUp(context, "releaseMirror", old);
}

/** Takes all members from a group that is deleted; its target group is left in steps. */
export function removeAllMembers(
  context: OperationContext,
  setting: WriterSetting,
  { key, targetGroupKey }: Group,
  { count, nowhereElse }: ComparedUsers,
): void {
  context.reserveCommit();
  context.unit.execute(sql`DELETE FROM group_members WHERE group_key = ${key}`);
  if (targetGroupKey === null) return;
  judgeMass(context, setting, { targetGroupKey, people: count, nowhereElse });
  scheduleFollowUp(context, "removeLeavers", targetGroupKey);
  scheduleFollowUp(context, "releaseMirror", targetGroupKey);
}

/** The fence vouches for it that the keys are still those that were compared. */
function writeKeys({ key }: Group, { joins, leaves }: Comparison): Sql[] {
  return [
    ...packJson(leaves.keys).map(
      (text) =>
        sql`DELETE FROM group_members WHERE group_key = ${key} AND user_key IN (SELECT value FROM json_each(${text}))`,
    ),
    ...packJson(joins.keys).map(
      (text) => sql`INSERT INTO group_members (group_key, user_key) SELECT ${key}, value FROM json_each(${text})`,
    ),
  ];
}

/** The same by the lists themselves, in D1 alone. */
function switchMembers({ key }: Group, change: MemberChange): Sql[] {
  const added = addedUsers(change);
  const removed = removedUsers(change);
  const leaving = change.replaces
    ? sql`NOT IN (SELECT k FROM (${added}) WHERE k IS NOT NULL)`
    : sql`IN (SELECT k FROM (${removed}))`;
  return [
    sql`DELETE FROM group_members WHERE group_key = ${key} AND user_key ${leaving}`,
    sql`INSERT OR IGNORE INTO group_members (group_key, user_key) SELECT ${key}, a.k FROM (${added}) a
      WHERE EXISTS (SELECT 1 FROM users u WHERE u.user_key = a.k)`,
  ];
}
