import { countStatus } from "./mass-change.ts";
import type { Outcome, UserOperation } from "./operation.ts";
import { changeReasons } from "./regroup.ts";
import { type CurrentUser, requireUser } from "./save-user.ts";
import type { Scope } from "./scope.ts";

/** DELETE /Users/{id} (RFC 7644 section 3.6): the user, its memberships and target memberships go, enrolments are withdrawn. */
export function deleteUser(scope: Scope, operation: UserOperation & { kind: "deleteUser" }): Outcome {
  const setting = scope.requireSetting(operation.settingId);
  const current = requireUser(scope, setting, operation);
  removeUser(scope, current);
  return { kind: "deleted", label: null };
}

/** Removes a user with everything that hangs on it; the change feed keeps the fact. */
export function removeUser(scope: Scope, { ref, user }: Pick<CurrentUser, "ref" | "user">): void {
  const { workingSet } = scope;
  scope.touchPerson(user);
  countStatus(scope, user, false);
  for (const group of workingSet.groupsOf.get(ref) ?? []) workingSet.setMembership(group, ref, false);
  changeReasons(scope, ref, user, { join: [], leave: workingSet.reasons.get(ref) ?? [] });
  workingSet.setUser(ref, undefined);
  workingSet.documents.set(ref, undefined);
  // Whoever takes over what the user held is told first: who reads the feed then has nothing that hangs on it.
  scope.announceLast({
    type: "user.deleted",
    subject: { kind: "user", id: user.id },
    userId: user.id,
    data: {},
  });
}
