import { sql } from "../platform/sql.ts";
import type { FollowUpKind } from "../unit/company-config.ts";
import { assertKeysForWork } from "../unit/row-keys-used-up.ts";
import type { OperationContext } from "./operation-context.ts";

/**
 * Leaves work that may put people into target groups and trainings; refuses what asks for it where the company may not have
 * the row keys, before anything is acknowledged.
 */
export function leaveAddingWork(context: OperationContext, kind: FollowUpKind, subjectKey: number): void {
  const { nextKey, config } = context.unit;
  assertKeysForWork(nextKey, config.companyId);
  leaveFollowUp(context, kind, subjectKey);
}

/**
 * Leaves work that adds nothing, or nothing that needs a row key, to the commits that follow this one; `subjectKey` is the
 * key of what it is about. Its own key is D1's to give: a company that has used up its own can still be erased.
 */
export function leaveFollowUp({ unit, cause }: OperationContext, kind: FollowUpKind, subjectKey: number): void {
  const { companyKey } = unit.config;
  unit.leaveWork(
    sql`INSERT INTO replans (company_key, kind, scope_key, cause, created_at)
      VALUES (${companyKey}, ${kind}, ${subjectKey}, ${JSON.stringify(cause)}, ${unit.now})`,
  );
}

/** Leaves the members of a group to be put into its target group; without auto-enrolments that takes no row key. */
export function leaveJoining(context: OperationContext, groupKey: number): void {
  const leave = context.unit.config.autoEnrolments.size > 0 ? leaveAddingWork : leaveFollowUp;
  leave(context, "moveMembers", groupKey);
}
