import { type Sql, sql, unionOf } from "../platform/sql.ts";
import { readBearers } from "./bearers-of-logged-names.ts";
import { changedUsers, compareMembers } from "./compare-members.ts";
import { readLostNames } from "./names-lost-by-folding.ts";
import { readCompany } from "./read-company-counters.ts";
import { readWithdrawnByRename } from "./read-enrolments-withdrawn-by-rename.ts";
import { readIdempotencyKeys } from "./read-idempotency-keys.ts";
import { readNamedEnrolments } from "./read-named-enrolments.ts";
import { readEnrolments, readReasonCounts, readTargetGroups } from "./read-target-groups-and-enrolments.ts";
import { readUncounted } from "./read-uncounted-people.ts";
import { readUnmanagedValues } from "./read-unmanaged-field-values.ts";
import { readGroups, readMemberships, readUsers } from "./read-users-and-groups.ts";
import { type Reader, usersByName, usersByPerson, usersByRef } from "./select-referenced-users.ts";
import type { Query, UnitOfWork } from "./unit-of-work.ts";

/**
 * The queries that fill a unit of work with what its rows want; they travel in one D1 batch. Their number depends on the
 * kinds of things wanted, never on how many.
 */
export function planReads(unit: UnitOfWork): Query[] {
  const withPersons = unit.isEnrolling;
  const reader: Reader = { unit, closure: closureOf(unit, withPersons), withPersons };
  return [
    ...readCompany(unit),
    ...readUsers(reader),
    ...readGroups(reader),
    ...readMemberships(reader),
    ...compareMembers(unit),
    ...readEnrolments(reader),
    ...readNamedEnrolments(reader),
    ...readTargetGroups(reader),
    ...readReasonCounts(reader),
    ...readUnmanagedValues(reader),
    ...readWithdrawnByRename(reader),
    ...readLostNames(reader),
    ...readUncounted(unit),
    ...readIdempotencyKeys(unit),
    ...readBearers(unit),
  ];
}

/**
 * A WITH clause whose table `closure(k)` holds the keys of all users that are wanted, in whatever way, and, where
 * enrolment is at stake, of the other users of the same persons. Those whom only a long list or a long change of one
 * concerns, or a list after the first few, are left out: they are named in a further trip.
 */
function closureOf(unit: UnitOfWork, withPersons: boolean): Sql | null {
  const { users, userNames, persons: named, config } = unit;
  const parts = [
    usersByRef(users.wanted),
    usersByName(userNames.wanted),
    withPersons ? usersByPerson(config.companyKey, named.wanted) : null,
    ...changedUsers(unit),
  ].filter((part) => part !== null);
  if (parts.length === 0) return null;
  const persons = withPersons
    ? sql` UNION SELECT m.user_key FROM named n CROSS JOIN users x ON x.user_key = n.k
        CROSS JOIN users m ON m.company_key = x.company_key AND m.email_key = x.email_key`
    : sql``;
  return sql`WITH named(k) AS (${unionOf(parts)}), closure(k) AS (SELECT k FROM named${persons})`;
}
