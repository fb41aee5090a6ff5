import { parseDocument } from "../directory/stored-document.ts";
import { applyPatch } from "../scim/patch/patch.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import type { GroupOperation, Outcome } from "./operation.ts";
import { requireGroup, toStoredGroup, updateGroup } from "./save-group.ts";
import type { Scope } from "./scope.ts";

/** PATCH /Groups/{id} (RFC 7644 section 3.5.2): member operations are set operations that never load the group. */
export function patchGroup(scope: Scope, operation: GroupOperation & { kind: "patchGroup" }): Outcome {
  const setting = scope.requireSetting(operation.settingId);
  const current = requireGroup(scope, setting, operation);
  const patched = applyPatch(resourceTypes().Group, parseDocument(current.group.document), operation.request);
  scope.notes.push(...patched.notes);
  updateGroup(scope, setting, current, patched);
  return { kind: "group", group: toStoredGroup(scope, current.ref) };
}
