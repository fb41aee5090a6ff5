import type { Group } from "../directory/group.ts";
import type { WriterSetting } from "./company-config.ts";
import { NO_DIFFERENCE } from "./compare-members.ts";
import { countRemovedMembers } from "./mass-change.ts";
import { CHANGED_AT_ONCE } from "./member-change.ts";
import { regroupMembers } from "./members.ts";
import type { GroupOperation, Outcome } from "./operation.ts";
import type { Ref } from "./references.ts";
import { leaveMirror } from "./release-mirror.ts";
import { removeAllMembers } from "./rewrite-members.ts";
import { membersOf, requireGroup } from "./save-group.ts";
import type { Scope } from "./scope.ts";

/** DELETE /Groups/{id} (RFC 7644 section 3.6): its users stay; its mirror goes unless something else needs it. */
export function deleteGroup(scope: Scope, operation: GroupOperation & { kind: "deleteGroup" }): Outcome {
  const setting = scope.requireSetting(operation.settingId);
  const { ref, group } = requireGroup(scope, setting, operation);
  removeGroup(scope, setting, ref);
  return { kind: "deleted", label: group.displayName };
}

/** Removes a group, its memberships, and its hold on its mirror. */
export function removeGroup(scope: Scope, setting: WriterSetting, ref: Ref): void {
  const { workingSet } = scope;
  const group = workingSet.groups.get(ref);
  if (group === undefined) return;
  const { leaves } = workingSet.comparisons.get(workingSet.nobodyIn(ref)) ?? NO_DIFFERENCE;
  if (leaves.count > CHANGED_AT_ONCE) {
    countRemovedMembers(scope, ref, leaves.count);
    removeAllMembers(scope, group);
    dropGroup(scope, ref, group);
    return;
  }
  const members = membersOf(scope, ref);
  countRemovedMembers(scope, ref, members.length);
  workingSet.users.require(members);
  for (const user of members) workingSet.setMembership(ref, user, false);
  regroupMembers(scope, setting, ref, members, false);
  dropGroup(scope, ref, group);
}

function dropGroup(scope: Scope, ref: Ref, group: Group): void {
  const { workingSet } = scope;
  // Only rows that were read can be taken away.
  workingSet.subgroups.require([ref]);
  workingSet.subgroups.set(ref, []);
  workingSet.execute("DELETE FROM group_subgroups WHERE subgroup_key = ?", [group.key]);
  workingSet.setGroup(ref, undefined);
  if (group.targetGroupKey !== null) leaveMirror(scope, group.targetGroupKey);
}
