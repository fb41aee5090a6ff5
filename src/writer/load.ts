import { changedUsers, compareMembers } from "./compare-members.ts";
import { type Reader, readGroups, readMemberships, readUsers } from "./load-directory.ts";
import { readKeptValues } from "./load-kept-values.ts";
import { type Fragment, unionOf, usersByName, usersByPerson, usersByRef } from "./load-sql.ts";
import { readEnrolments, readReasonCounts, readTargetGroups } from "./load-targets.ts";
import { readRenameLosses } from "./rename-losses.ts";
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
    ...compareMembers(workingSet),
    ...readEnrolments(reader),
    ...readTargetGroups(reader),
    ...readReasonCounts(reader),
    ...readKeptValues(reader),
    ...readRenameLosses(reader),
  ];
}

/**
 * A WITH clause whose table `closure(k)` holds the keys of all users that are wanted, in whatever way, and, where
 * enrolment is at stake, of the other users of the same persons. Those whom only a long list or a long change of one
 * concerns, or a list after the first few, are left out: they are named in a further trip.
 */
function closureOf(workingSet: WorkingSet, withPersons: boolean): Fragment | null {
  const { users, userNames, persons: named, config } = workingSet;
  const parts = [
    usersByRef(users.wanted),
    usersByName(userNames.wanted),
    withPersons ? usersByPerson(config.companyKey, named.wanted) : null,
    ...changedUsers(workingSet),
  ].filter((part) => part !== null);
  if (parts.length === 0) return null;
  const persons = withPersons
    ? ` UNION SELECT m.user_key FROM named n CROSS JOIN users x ON x.user_key = n.k
        CROSS JOIN users m ON m.company_key = x.company_key AND m.email_key = x.email_key`
    : "";
  return {
    sql: `WITH named(k) AS (${unionOf(parts.map((part) => part.sql))}), closure(k) AS (SELECT k FROM named${persons}) `,
    parameters: parts.flatMap((part) => part.parameters),
  };
}
