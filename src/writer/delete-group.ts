import type { Group } from "../directory/group.ts";
import type { WriterSetting } from "./company-config.ts";
import { countRemovedMembers } from "./mass-change.ts";
import { SLICE } from "./member-lists.ts";
import { regroupMembers } from "./members.ts";
import { releaseMirror } from "./mirror.ts";
import type { GroupOperation, Outcome } from "./operation.ts";
import { membersOf, requireGroup } from "./save-group.ts";
import type { Scope } from "./scope.ts";
import { type Ref, sourceOf } from "./working-set.ts";

/** DELETE /Groups/{id} (RFC 7644 section 3.6): its users stay; its mirror goes unless something else needs it. */
export function deleteGroup(scope: Scope, operation: GroupOperation & { kind: "deleteGroup" }): Outcome {
  const setting = scope.requireSetting(operation.settingId);
  const { ref, group } = requireGroup(scope, setting, operation);
  removeGroup(scope, setting, ref);
  return { kind: "deleted", label: group.displayName };
}

/** Removes a group, its memberships, and its hold on its mirror. */
export function removeGroup(scope: Scope, setting: WriterSetting, ref: Ref): void {
  const { workingSet, cause } = scope;
  const group = workingSet.groups.get(ref);
  if (group === undefined) return;
  const members = membersOf(scope, ref);
  countRemovedMembers(scope, ref, members.length);
  if (scope.defersMembers && members.length > SLICE) {
    const finish = (last: Scope) => {
      forgetReasons(last, group);
      dropGroup(last, ref, group);
    };
    workingSet.defer({ group: ref, settingId: setting.id, users: members, member: false, cause, finish });
    return;
  }
  workingSet.users.require(members);
  for (const user of members) workingSet.setMembership(ref, user, false);
  regroupMembers(scope, setting, ref, members, false);
  dropGroup(scope, ref, group);
}

/** What the slices before took away is still counted by D1. */
function forgetReasons({ workingSet }: Scope, { key, settingKey, targetGroupKey }: Group): void {
  if (targetGroupKey === null) return;
  const counts = new Map(workingSet.reasonCounts.get(targetGroupKey));
  counts.set(sourceOf({ kind: "idp", settingKey, sourceKey: key }), 0);
  workingSet.reasonCounts.set(targetGroupKey, counts);
}

function dropGroup(scope: Scope, ref: Ref, group: Group): void {
  const { workingSet } = scope;
  // Only rows that were read can be taken away.
  workingSet.subgroups.require([ref]);
  workingSet.subgroups.set(ref, []);
  workingSet.execute("DELETE FROM group_subgroups WHERE subgroup_key = ?", [group.key]);
  workingSet.setGroup(ref, undefined);
  if (group.targetGroupKey !== null) releaseMirror(scope, group.targetGroupKey);
}
