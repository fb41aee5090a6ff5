import { applyPatch } from "../scim/patch/patch.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import type { Outcome, UserOperation } from "./operation.ts";
import { requireUser, toStoredUser, updateUser } from "./save-user.ts";
import type { Scope } from "./scope.ts";

/**
 * PATCH /Users/{id} (RFC 7644 section 3.5.2): all operations of the request or none. A removed `active` is unassigned
 * (section 3.5.2.2) but says neither: the user keeps its status, since nobody may be revived by an empty value.
 */
export function patchUser(scope: Scope, operation: UserOperation & { kind: "patchUser" }): Outcome {
  const setting = scope.requireSetting(operation.settingId);
  const current = requireUser(scope, setting, operation);
  const { document, notes } = applyPatch(resourceTypes().User, current.document, operation.request);
  scope.notes.push(...notes);
  return { kind: "user", user: toStoredUser(scope, updateUser(scope, setting, current, document)) };
}
