import { memberChangeOf } from "./member-change.ts";
import type { GroupOperation, Outcome } from "./operation.ts";
import { requireGroup, toStoredGroup, updateGroup } from "./save-group.ts";
import type { Scope } from "./scope.ts";

/**
 * PUT /Groups/{id} (RFC 7644 section 3.5.1). A deviation: a body without `members` keeps them, since some IdPs rename so
 * and a rename must not empty a group; `members: []` empties it.
 */
export function replaceGroup(scope: Scope, operation: GroupOperation & { kind: "replaceGroup" }): Outcome {
  const setting = scope.requireSetting(operation.settingId);
  const current = requireGroup(scope, setting, operation);
  const members = memberChangeOf(operation, setting.key);
  updateGroup(scope, setting, current, { document: operation.document, members });
  return { kind: "group", group: toStoredGroup(scope, current.ref) };
}
