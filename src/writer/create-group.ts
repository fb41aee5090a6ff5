import { memberChangeOf } from "./member-change.ts";
import { changeMembers } from "./members.ts";
import type { GroupOperation, Outcome } from "./operation.ts";
import { insertGroup, toStoredGroup } from "./save-group.ts";
import type { Scope } from "./scope.ts";

/** POST /Groups (RFC 7644 section 3.3): 409 uniqueness when the setting has a group of that name, compared folded. */
export function createGroup(scope: Scope, operation: GroupOperation & { kind: "createGroup" }): Outcome {
  const setting = scope.requireSetting(operation.settingId);
  const ref = insertGroup(scope, setting, operation.document);
  changeMembers(scope, setting, ref, memberChangeOf(operation, setting.key));
  return { kind: "group", group: toStoredGroup(scope, ref) };
}
