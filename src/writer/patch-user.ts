import { applyPatch } from "../scim/patch.ts";
import { resourceTypes } from "../scim/resource-types.ts";
import type { Outcome, UserOperation } from "./operation.ts";
import { requireUser, toStoredUser, updateUser } from "./save-user.ts";
import type { Scope } from "./scope.ts";

/** PATCH /Users/{id} (RFC 7644 section 3.5.2): all operations of the request or none. */
export function patchUser(scope: Scope, operation: UserOperation & { kind: "patchUser" }): Outcome {
  const setting = scope.requireSetting(operation.settingId);
  const current = requireUser(scope, setting, operation);
  const { document, notes } = applyPatch(resourceTypes().User, current.document, operation.request);
  scope.notes.push(...notes.map((note) => note.message));
  // Clearing `active` says neither: the user keeps its status, since nobody may be revived by an empty value.
  const active = document.active ?? current.document.active ?? true;
  return { kind: "user", user: toStoredUser(scope, updateUser(scope, setting, current, { ...document, active })) };
}
