import { applyPatch } from "../scim/patch/patch.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import type { Outcome, UserOperation } from "./operation.ts";
import { requireUser, toStoredUser, updateUser } from "./save-user.ts";
import type { Scope } from "./scope.ts";

/**
 * PATCH /Users/{id} (RFC 7644 section 3.5.2): all operations of the request or none. A document of before `active` could
 * not be taken away is given it.
 */
export function patchUser(scope: Scope, operation: UserOperation & { kind: "patchUser" }): Outcome {
  const setting = scope.requireSetting(operation.settingId);
  const current = requireUser(scope, setting, operation);
  const { document, notes } = applyPatch(resourceTypes().User, current.document, operation.request);
  document.active ??= current.user.active;
  scope.notes.push(...notes);
  return { kind: "user", user: toStoredUser(scope, updateUser(scope, setting, current, document)) };
}
