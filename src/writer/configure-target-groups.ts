import { foldKey } from "../directory/fold-key.ts";
import { type AutoEnrolment, itemKeyOf } from "../enrolment/plan-enrolments.ts";
import { NO_MARK } from "../holds/hold.ts";
import { ScimError } from "../scim/scim-error.ts";
import { isManaging } from "../unit/company-config.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import { setItems } from "./enrol-persons.ts";
import { createTargetGroup } from "./make-target-group.ts";
import type { ConfigurationOperation, Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";
import { forgetStoppedItems } from "./record-stopped-items.ts";
import { changeReasons } from "./regroup-user.ts";
import { requireGroupById } from "./require-target-group.ts";
import { requireTargetUser, userRefs } from "./require-target-user.ts";
import { scheduleAddingWork, scheduleFollowUp } from "./schedule-follow-up.ts";

type Of<K extends ConfigurationOperation["kind"]> = ConfigurationOperation & { kind: K };

/** Makes a target group by hand; names are unique in a company, compared folded. */
export function createManualGroup(context: OperationContext, { name }: Of<"createTargetGroup">): Outcome {
  if (context.unit.targetGroupNames.get(foldKey(name)) !== undefined)
    throw new ScimError("target_group_name_taken", `A target group named "${name.trim()}" already exists.`);
  const group = createTargetGroup(context, name.trim(), "manual");
  return { kind: "done", id: group.id, key: group.key };
}

/**
 * Adds or removes a membership made by hand; SCIM never touches it. Of people whom no setting manages any more a membership
 * is taken away whatever gave it: nobody else can.
 */
export function setManualMember(
  context: OperationContext,
  operation: Of<"addManualMember"> | Of<"removeManualMember">,
): Outcome {
  const { unit, cause } = context;
  const group = requireGroupById(context, operation.targetGroupId);
  const { ref, user, setting } = requireTargetUser(context, operation.userId);
  const reasons = (unit.reasons.get(ref) ?? []).filter(({ targetGroupKey }) => targetGroupKey === group.key);
  const byHand = reasons.filter(({ kind }) => kind === "manual");
  if (operation.kind === "removeManualMember")
    changeReasons(context, ref, user, { join: [], leave: isManaging(setting) ? byHand : reasons });
  else if (byHand.length === 0)
    changeReasons(context, ref, user, {
      join: [
        {
          targetGroupKey: group.key,
          kind: "manual",
          settingKey: 0,
          sourceKey: 0,
          detail: "",
          requestId: cause.requestId,
          addedAt: unit.now,
          ...NO_MARK,
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
export function setAutoEnrolments(context: OperationContext, operation: Of<"setAutoEnrolments">): Outcome {
  const { unit } = context;
  const group = requireGroupById(context, operation.targetGroupId);
  const items = operation.items.map(({ id, ...item }) => ({ itemId: id, ...item }));
  const before = unit.autoEnrolments.get(group.key) ?? [];
  if (isSameList(before, items)) return { kind: "done", id: group.id };
  setItems(context, group, items);
  forgetStoppedItems(context, group.key, before, items);
  // The terms are those of enrolments that start from now on.
  if (isSameList(before.map(withoutTerms), items.map(withoutTerms))) return { kind: "done", id: group.id };
  const known = new Set(before.map(itemKeyOf));
  const schedule = items.every((item) => known.has(itemKeyOf(item))) ? scheduleFollowUp : scheduleAddingWork;
  schedule(context, "enrolMembers", group.key);
  renameItems(context, new Map(items.map((item) => [itemKeyOf(item), item.name])), group.key);
  context.reviewAtEnd(group.key);
  return { kind: "done", id: group.id };
}

/** Gives items of target groups, but for those of one, other names, by the keys of the items. */
export function renameItems(
  context: OperationContext,
  names: ReadonlyMap<string, string>,
  but: number | null = null,
): void {
  const { config, autoEnrolments, targetGroups } = context.unit;
  const renamed = new Map<number, AutoEnrolment[]>();
  for (const key of config.autoEnrolments.keys()) {
    const others = autoEnrolments.get(key) ?? [];
    const after = others.map((item) => ({ ...item, name: names.get(itemKeyOf(item)) ?? item.name }));
    if (key !== but && !isSameList(others, after)) renamed.set(key, after);
  }
  targetGroups.require([...renamed.keys()]);
  for (const [key, after] of renamed) {
    const other = targetGroups.get(key);
    if (other === undefined) continue;
    setItems(context, other, after);
    scheduleFollowUp(context, "enrolMembers", key);
  }
}

function withoutTerms({ kind, itemId, name }: AutoEnrolment): AutoEnrolment {
  return { kind, itemId, name };
}

function isSameList(left: readonly AutoEnrolment[], right: readonly AutoEnrolment[]): boolean {
  const lines = (items: readonly AutoEnrolment[]) =>
    items.map((item) => `${itemKeyOf(item)} ${JSON.stringify([item.name, item.dueInDays, item.reenrol])}`).sort();
  return JSON.stringify(lines(left)) === JSON.stringify(lines(right));
}

/** Wants the target group and the user that a membership made by hand is about. */
export function foreseeManualMember(
  unit: UnitOfWork,
  { targetGroupId, userId }: { targetGroupId: string; userId: string },
): void {
  unit.targetGroupIds.want(targetGroupId);
  unit.users.wantAll(userRefs(unit.config, userId));
}

/** Wants the target group that an operation names. */
export function foreseeTargetGroup(unit: UnitOfWork, { targetGroupId }: { targetGroupId: string }): void {
  unit.targetGroupIds.want(targetGroupId);
}

/** Wants whoever has the name of a target group that is to be made. */
export function foreseeManualGroup(unit: UnitOfWork, { name }: { name: string }): void {
  unit.targetGroupNames.want(foldKey(name));
}
