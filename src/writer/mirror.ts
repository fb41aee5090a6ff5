import { foldKey } from "../directory/fold-key.ts";
import type { Group } from "../directory/group.ts";
import type { Mirror } from "../grouping/plan-groups.ts";
import type { TargetGroup } from "../grouping/target-group.ts";
import type { WriterSetting } from "./company-config.ts";
import { leaveFollowUp } from "./leave-follow-up.ts";
import { CHANGED_AT_ONCE } from "./member-change.ts";
import { regroupMembers } from "./members.ts";
import type { Ref } from "./references.ts";
import { canNameMirror, requireTargetGroup } from "./regroup.ts";
import type { Scope } from "./scope.ts";
import { sourceOf } from "./working-set.ts";

/** The target group that mirrors a group, or null while its setting does not synchronise groups. */
export function mirrorOf(group: Group): Mirror | null {
  const { key, displayName, targetGroupKey } = group;
  return targetGroupKey === null ? null : { groupKey: key, groupName: displayName, targetGroupKey };
}

/**
 * Gives a group its mirror when its setting synchronises groups: the target group of the same name, made if need be. A
 * name that is too long for a target group gives none.
 */
export function ensureMirror(scope: Scope, setting: WriterSetting, ref: Ref): void {
  const { workingSet } = scope;
  const group = workingSet.groups.get(ref);
  if (group === undefined || group.targetGroupKey !== null || setting.groupSettings.criteria !== "idp") return;
  if (!canNameMirror(scope, group.displayName)) return;
  const target = requireTargetGroup(scope, group.displayName, "idp");
  workingSet.setGroup(ref, { ...group, targetGroupKey: target.key });
}

/**
 * Lets the mirror follow a group's new name. A mirror that only this group feeds is renamed in place, so that everything
 * that hangs on it stays; a shared one, or a name that another target group has, makes the group's members move: many of
 * them one by one in the commits that follow.
 */
export function renameMirror(scope: Scope, setting: WriterSetting, ref: Ref, members: () => Ref[]): void {
  const { workingSet } = scope;
  const group = workingSet.groups.get(ref);
  if (group === undefined) return;
  if (group.targetGroupKey === null) {
    if (startMirror(scope, setting, ref)) regroupMembers(scope, setting, ref, members(), true);
    return;
  }
  const mirror = workingSet.targetGroups.get(group.targetGroupKey);
  const nameKey = foldKey(group.displayName);
  if (mirror === undefined || mirror.name === group.displayName.trim()) return;
  // It keeps the name it has, and its members: a rename takes no training from anybody.
  if (!canNameMirror(scope, group.displayName)) return;
  const sole = isFedOnlyBy(scope, mirror, ref, group);
  if (mirror.nameKey === nameKey && !sole) return;
  const holder = workingSet.targetGroupNames.get(nameKey);
  if (sole && (holder === undefined || holder === mirror.key)) {
    workingSet.setTargetGroup(mirror.key, { ...mirror, name: group.displayName.trim(), nameKey });
    scope.announce({
      type: "group.renamed",
      subject: { kind: "group", id: mirror.id },
      userId: null,
      data: { oldName: mirror.name, name: group.displayName.trim() },
    });
    return;
  }
  const target = requireTargetGroup(scope, group.displayName, "idp");
  workingSet.setGroup(ref, { ...group, targetGroupKey: target.key });
  if (group.memberCount > CHANGED_AT_ONCE) {
    leaveFollowUp(scope, "moveMembers", group.key);
    leaveFollowUp(scope, "releaseMirror", mirror.key);
    return;
  }
  regroupMembers(scope, setting, ref, members(), true);
  releaseMirror(scope, mirror.key);
}

/** Gives a group whose name could not be that of a mirror one after all; true when its members are yet to be moved there. */
function startMirror(scope: Scope, setting: WriterSetting, ref: Ref): boolean {
  ensureMirror(scope, setting, ref);
  const group = scope.workingSet.groups.get(ref);
  if (group === undefined || group.targetGroupKey === null || group.memberCount === 0) return false;
  if (group.memberCount > CHANGED_AT_ONCE) {
    leaveFollowUp(scope, "moveMembers", group.key);
    return false;
  }
  return true;
}

function isFedOnlyBy({ workingSet }: Scope, mirror: TargetGroup, ref: Ref, group: Group): boolean {
  if (mirror.source !== "idp" || isOwnGroup(workingSet.config.settings.values(), mirror.key)) return false;
  if ((workingSet.mirrorsOf.get(mirror.key) ?? []).some((other) => other !== ref)) return false;
  const own = sourceOf({ kind: "idp", settingKey: group.settingKey, sourceKey: group.key });
  return [...(workingSet.reasonCounts.get(mirror.key) ?? [])].every(([source, count]) => source === own || count === 0);
}

/**
 * Removes a mirror that nothing feeds any more. It stays, empty, while another source feeds it, a manual member is in it
 * or an auto-enrolment hangs on it; target groups of another origin always stay.
 */
export function releaseMirror(scope: Scope, key: number): void {
  const { workingSet } = scope;
  const mirror = workingSet.targetGroups.get(key);
  if (mirror === undefined || mirror.source !== "idp") return;
  if ((workingSet.config.autoEnrolments.get(key) ?? []).length > 0) return;
  if (isOwnGroup(workingSet.config.settings.values(), key)) return;
  if ((workingSet.mirrorsOf.get(key) ?? []).length > 0) return;
  if ([...(workingSet.reasonCounts.get(key) ?? [])].some(([, count]) => count > 0)) return;
  workingSet.setTargetGroup(key, undefined);
  scope.announce({
    type: "group.deleted",
    subject: { kind: "group", id: mirror.id },
    userId: null,
    data: { name: mirror.name },
  });
}

function isOwnGroup(settings: Iterable<WriterSetting>, key: number): boolean {
  return [...settings].some(
    ({ status, groupSettings }) => status !== "deleted" && groupSettings.targetGroupKey === key,
  );
}
