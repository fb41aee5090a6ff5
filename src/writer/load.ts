import { type Reader, readDifferences, readGroups, readMemberships, readUsers } from "./load-directory.ts";
import { readKeptValues } from "./load-kept-values.ts";
import { closureOf } from "./load-sql.ts";
import { readEnrolments, readReasonCounts, readTargetGroups } from "./load-targets.ts";
import type { Needs } from "./needs.ts";
import { readRenameLosses } from "./rename-losses.ts";
import type { Query, WorkingSet } from "./working-set.ts";

/**
 * The queries that fill a working set with what its operations need; they travel in one D1 batch. Their number depends
 * on the kinds of things needed, never on how many.
 */
export function planLoad(workingSet: WorkingSet, needs: Needs, withPersons: boolean): Query[] {
  const closure = closureOf(needs, workingSet.config.companyKey, withPersons);
  const reader: Reader = { workingSet, needs, closure, withPersons };
  return [
    ...readUsers(reader),
    ...readGroups(reader),
    ...readMemberships(reader),
    ...readDifferences(reader),
    ...readEnrolments(reader),
    ...readTargetGroups(reader),
    ...readReasonCounts(reader),
    ...readKeptValues(reader),
    ...readRenameLosses(reader),
  ];
}
