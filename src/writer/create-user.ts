import type { Outcome, UserOperation } from "./operation.ts";
import { insertUser, toStoredUser } from "./save-user.ts";
import type { Scope } from "./scope.ts";

/** POST /Users (RFC 7644 section 3.3): a user without `active` is active; 409 uniqueness when the userName is taken. */
export function createUser(scope: Scope, operation: UserOperation & { kind: "createUser" }): Outcome {
  const setting = scope.requireSetting(operation.settingId);
  const created = insertUser(scope, setting, { active: true, ...operation.document });
  return { kind: "user", user: toStoredUser(scope, created) };
}
