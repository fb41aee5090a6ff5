import type { Outcome, UserOperation } from "./operation.ts";
import { requireUser, toStoredUser, updateUser } from "./save-user.ts";
import type { Scope } from "./scope.ts";

/**
 * PUT /Users/{id} (RFC 7644 section 3.5.1). A deviation: without `active` the user keeps its status, since some IdPs send
 * templates without it and must not deactivate or revive anybody by that.
 */
export function replaceUser(scope: Scope, operation: UserOperation & { kind: "replaceUser" }): Outcome {
  const setting = scope.requireSetting(operation.settingId);
  const current = requireUser(scope, setting, operation);
  const document = { active: current.user.active, ...operation.document };
  return { kind: "user", user: toStoredUser(scope, updateUser(scope, setting, current, document)) };
}
