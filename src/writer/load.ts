import { compareMembers, type Reader, readGroups, readMemberships, readUsers } from "./load-directory.ts";
import { closureOf } from "./load-sql.ts";
import { readEnrolments, readReasonCounts, readTargetGroups } from "./load-targets.ts";
import type { Query, WorkingSet } from "./working-set.ts";

/**
 * The queries that fill a working set with what its rows want; they travel in one D1 batch. Their number depends on the
 * kinds of things wanted, never on how many.
 */
export function planLoad(workingSet: WorkingSet): Query[] {
  const withPersons = workingSet.isEnrolling;
  const reader: Reader = { workingSet, closure: closureOf(workingSet, withPersons), withPersons };
  return [
    ...readUsers(reader),
    ...readGroups(reader),
    ...readMemberships(reader),
    ...compareMembers(reader),
    ...readEnrolments(reader),
    ...readTargetGroups(reader),
    ...readReasonCounts(reader),
  ];
}
