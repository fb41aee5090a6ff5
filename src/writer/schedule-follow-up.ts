import { sql } from "../platform/sql.ts";
import type { FollowUpKind } from "../unit/company-config.ts";
import { assertKeysForWork } from "../unit/row-keys-used-up.ts";
import type { OperationContext } from "./operation-context.ts";

/**
 * Schedules work that may put people into target groups and trainings; refuses what asks for it where the company may not have
 * the row keys, before anything is acknowledged.
 */
export function scheduleAddingWork(context: OperationContext, kind: FollowUpKind, subjectKey: number): void {
  const { nextKey, config } = context.unit;
  assertKeysForWork(nextKey, config.companyId);
  scheduleFollowUp(context, kind, subjectKey);
}

/**
 * Schedules work that adds nothing, or nothing that needs a row key, to the commits that follow this one; `subjectKey` is the
 * key of what it is about. Its own key is D1's to give: a company that has used up its own can still be erased.
 */
export function scheduleFollowUp({ unit, cause }: OperationContext, kind: FollowUpKind, subjectKey: number): void {
  const { companyKey } = unit.config;
  unit.scheduleWork(
    sql`INSERT INTO replans (company_key, kind, scope_key, cause, created_at)
      VALUES (${companyKey}, ${kind}, ${subjectKey}, ${JSON.stringify(cause)}, ${unit.now})`,
  );
}

/** Has the members of a group put, by a follow-up, into its target group; without auto-enrolments that takes no row key. */
export function scheduleJoining(context: OperationContext, groupKey: number): void {
  const schedule = context.unit.config.autoEnrolments.size > 0 ? scheduleAddingWork : scheduleFollowUp;
  schedule(context, "moveMembers", groupKey);
}
