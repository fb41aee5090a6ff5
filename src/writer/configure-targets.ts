import { foldKey } from "../directory/fold-key.ts";
import { type AutoEnrolment, itemKeyOf } from "../enrolment/plan-enrolments.ts";
import type { TargetGroup } from "../grouping/target-group.ts";
import { ScimError } from "../scim/errors.ts";
import { setItems } from "./enrol.ts";
import { leaveFollowUp } from "./leave-follow-up.ts";
import type { ConfigurationOperation, Outcome } from "./operation.ts";
import { changeReasons, createTargetGroup } from "./regroup.ts";
import type { Scope } from "./scope.ts";
import { isManaging, requireTargetUser } from "./target-user.ts";

type Of<K extends ConfigurationOperation["kind"]> = ConfigurationOperation & { kind: K };

/** Makes a target group by hand; names are unique in a company, compared folded. */
export function createManualGroup(scope: Scope, { name }: Of<"createTargetGroup">): Outcome {
  if (scope.workingSet.targetGroupNames.get(foldKey(name)) !== undefined)
    throw new ScimError("target_group_name_taken", `A target group named "${name.trim()}" already exists.`);
  const group = createTargetGroup(scope, name.trim(), "manual");
  return { kind: "done", id: group.id, key: group.key };
}

/**
 * Adds or removes a membership made by hand; SCIM never touches it. Of people whom no setting manages any more a membership
 * is taken away whatever gave it: nobody else can.
 */
export function setManualMember(scope: Scope, operation: Of<"addManualMember"> | Of<"removeManualMember">): Outcome {
  const { workingSet, cause } = scope;
  const group = requireById(scope, operation.targetGroupId);
  const { ref, user, setting } = requireTargetUser(scope, operation.userId);
  const reasons = (workingSet.reasons.get(ref) ?? []).filter(({ targetGroupKey }) => targetGroupKey === group.key);
  const byHand = reasons.filter(({ kind }) => kind === "manual");
  if (operation.kind === "removeManualMember")
    changeReasons(scope, ref, user, { join: [], leave: isManaging(setting) ? byHand : reasons });
  else if (byHand.length === 0)
    changeReasons(scope, ref, user, {
      join: [
        {
          targetGroupKey: group.key,
          kind: "manual",
          settingKey: 0,
          sourceKey: 0,
          detail: "",
          requestId: cause.requestId,
          addedAt: workingSet.now,
        },
      ],
      leave: [],
    });
  return { kind: "done", id: user.id };
}

/**
 * Replaces what a target group enrols its members in; present members follow in the commits after this one. An item is one
 * thing with one name in a company: set with a new one, it is called so in every group that has it.
 */
export function setAutoEnrolments(scope: Scope, operation: Of<"setAutoEnrolments">): Outcome {
  const { workingSet } = scope;
  const group = requireById(scope, operation.targetGroupId);
  const items = operation.items.map(({ kind, id, name }) => ({ kind, itemId: id, name }));
  if (isSameList(workingSet.autoEnrolments.get(group.key) ?? [], items)) return { kind: "done", id: group.id };
  setItems(scope, group, items);
  leaveFollowUp(scope, "enrolMembers", group.key);
  renameItems(scope, group, items);
  scope.loosen(group.key);
  return { kind: "done", id: group.id };
}

/** Gives items of other target groups the names that they were set with in this one. */
function renameItems(scope: Scope, group: TargetGroup, items: readonly AutoEnrolment[]): void {
  const { config, autoEnrolments, targetGroups } = scope.workingSet;
  const names = new Map(items.map((item) => [itemKeyOf(item), item.name]));
  const renamed = new Map<number, AutoEnrolment[]>();
  for (const key of config.autoEnrolments.keys()) {
    const others = autoEnrolments.get(key) ?? [];
    const after = others.map((item) => ({ ...item, name: names.get(itemKeyOf(item)) ?? item.name }));
    if (key !== group.key && !isSameList(others, after)) renamed.set(key, after);
  }
  targetGroups.require([...renamed.keys()]);
  for (const [key, after] of renamed) {
    const other = targetGroups.get(key);
    if (other === undefined) continue;
    setItems(scope, other, after);
    leaveFollowUp(scope, "enrolMembers", key);
  }
}

function isSameList(left: readonly AutoEnrolment[], right: readonly AutoEnrolment[]): boolean {
  const lines = (items: readonly AutoEnrolment[]) => items.map((item) => `${itemKeyOf(item)} ${item.name}`).sort();
  return JSON.stringify(lines(left)) === JSON.stringify(lines(right));
}

function requireById({ workingSet }: Scope, id: string): TargetGroup {
  const key = workingSet.targetGroupIds.get(id);
  const group = key === undefined ? undefined : workingSet.targetGroups.get(key);
  if (group === undefined)
    throw new ScimError("no_such_target_group", `Target group ${id} does not exist in this company.`);
  return group;
}
