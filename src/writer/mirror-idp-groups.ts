import { foldKey } from "../directory/fold-key.ts";
import type { Group } from "../directory/group.ts";
import type { Mirror } from "../grouping/plan-groups.ts";
import type { TargetGroup } from "../grouping/target-group.ts";
import { isSilent } from "../settings/shadow.ts";
import type { WriterSetting } from "../unit/company-config.ts";
import { CHANGED_AT_ONCE } from "../unit/member-change.ts";
import type { Ref } from "../unit/resource-references.ts";
import { endKeptByGroup } from "./brake-leaving-groups.ts";
import { setItems } from "./enrol-persons.ts";
import { canNameMirror, ensureTargetGroup } from "./make-target-group.ts";
import { forecastWithdrawnByRename } from "./note-enrolments-withdrawn-by-rename.ts";
import type { OperationContext } from "./operation-context.ts";
import { isFedBesides, letGoOfMirror } from "./review-unfed-target-groups.ts";
import { scheduleFollowUp, scheduleJoining } from "./schedule-follow-up.ts";
import { isGuarded } from "./trip-brake.ts";

/** The target group that mirrors a group, or null while its setting does not synchronise groups. */
export function mirrorOf(group: Group): Mirror | null {
  const { key, displayName, targetGroupKey } = group;
  return targetGroupKey === null ? null : { groupKey: key, groupName: displayName, targetGroupKey };
}

/**
 * Gives a group its mirror when its setting synchronises groups: the target group of the same name, made if need be. A
 * name that is too long for a target group gives none, and nothing of a setting in shadow shows.
 */
export function ensureMirror(context: OperationContext, setting: WriterSetting, ref: Ref): void {
  const { unit } = context;
  const group = unit.groups.get(ref);
  if (group === undefined || group.targetGroupKey !== null || setting.groupSettings.criteria !== "idp") return;
  if (isSilent(setting)) return;
  if (!canNameMirror(context, group.displayName, false)) return;
  const target = ensureTargetGroup(context, group.displayName, "idp");
  unit.setGroup(ref, { ...group, targetGroupKey: target.key });
}

/**
 * Lets the mirror follow a group's new name. A mirror that nothing else feeds but manual memberships is renamed in place,
 * so that everything that hangs on it stays. Where something else does, or where another target group has the name, the
 * group's members move to the target group of the name: many of them in the commits that follow; for few of them it gives
 * true, and they are for the caller to move, once it has changed who they are.
 */
export function renameMirror(context: OperationContext, setting: WriterSetting, ref: Ref): boolean {
  const { unit } = context;
  const group = unit.groups.get(ref);
  if (group === undefined) return false;
  if (group.targetGroupKey === null) return startMirror(context, setting, ref);
  const mirror = unit.targetGroups.get(group.targetGroupKey);
  const name = group.displayName.trim();
  if (mirror === undefined || mirror.name === name) return false;
  if (setting.groupSettings.criteria !== "idp") {
    // Its members are about to leave it in the commits that follow: it has no name to follow any more.
    dropMirror(context, ref, group);
    scheduleFollowUp(context, "releaseMirror", mirror.key);
    return false;
  }
  // It keeps the name it has, and its members: a rename takes no training from anybody.
  if (!canNameMirror(context, name, true)) return false;
  const nameKey = foldKey(name);
  const holder = unit.targetGroupNames.get(nameKey);
  const isFedElsewhere = isFedBesides(context, mirror, ref);
  if (isFedElsewhere && holder === mirror.key) return false;
  if (isFedElsewhere || (holder !== undefined && holder !== mirror.key))
    return moveToMirror(context, setting, ref, group, mirror);
  renameInPlace(context, mirror, name);
  return false;
}

/** Gives a group whose name could not be that of a mirror one after all; true when its members are yet to be moved there. */
function startMirror(context: OperationContext, setting: WriterSetting, ref: Ref): boolean {
  ensureMirror(context, setting, ref);
  const group = context.unit.groups.get(ref);
  if (group === undefined || group.targetGroupKey === null || group.memberCount === 0) return false;
  if (group.memberCount > CHANGED_AT_ONCE) {
    scheduleJoining(context, group.key);
    return false;
  }
  return true;
}

function renameInPlace(context: OperationContext, mirror: TargetGroup, name: string): void {
  const renamed: TargetGroup = { ...mirror, name, nameKey: foldKey(name), source: "idp", keptAs: "idp" };
  context.unit.setTargetGroup(mirror.key, renamed);
  context.announce({
    type: "group.renamed",
    subject: { kind: "group", id: mirror.id },
    userId: null,
    data: { oldName: mirror.name, name, source: renamed.source },
  });
}

/** One that is made for it has what the old one enrols in; one that was there keeps its own. */
function moveToMirror(
  context: OperationContext,
  setting: WriterSetting,
  ref: Ref,
  group: Group,
  mirror: TargetGroup,
): boolean {
  const { unit } = context;
  const isMade = unit.targetGroupNames.get(foldKey(group.displayName)) === undefined;
  const target = ensureTargetGroup(context, group.displayName, "idp");
  const items = unit.autoEnrolments.get(mirror.key) ?? [];
  if (isMade && items.length > 0) setItems(context, target, items);
  unit.setGroup(ref, { ...group, targetGroupKey: target.key });
  letGoOfMirror(context, mirror.key);
  const move = { groupKey: group.key, from: mirror.key, to: target.key };
  if (group.memberCount > CHANGED_AT_ONCE) {
    if (!isGuarded(context, setting, "moves")) forecastWithdrawnByRename(context, move, group.memberCount);
    endKeptByGroup(context, setting, group.key);
    scheduleJoining(context, group.key);
    scheduleFollowUp(context, "releaseMirror", mirror.key);
    return false;
  }
  context.mirrorMoves.push(move);
  return true;
}

/** Takes its mirror from a group whose setting does not synchronise groups any more. */
export function dropMirror(context: OperationContext, ref: Ref, group: Group): void {
  if (group.targetGroupKey === null) return;
  context.unit.setGroup(ref, { ...group, targetGroupKey: null });
  letGoOfMirror(context, group.targetGroupKey);
}
