import { foldKey } from "../directory/fold-key.ts";
import type { Reason, TargetGroup } from "../grouping/target-group.ts";
import { quote, ScimError } from "../scim/scim-error.ts";
import { isLive, isManaging } from "../unit/company-config.ts";
import { runEach } from "../unit/loaded-and-changed-rows.ts";
import { type Ref, splitRef } from "../unit/resource-references.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import { setItems } from "./enrol-persons.ts";
import type { ConfigurationOperation, Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";
import { changeReasons } from "./regroup-user.ts";
import { requireGroupById } from "./require-target-group.ts";
import { scheduleFollowUp } from "./schedule-follow-up.ts";

type Of<K extends ConfigurationOperation["kind"]> = ConfigurationOperation & { kind: K };

/** Gives a target group made by hand another name; its members and what it enrols them in stay. */
export function renameTargetGroup(
  context: OperationContext,
  { targetGroupId, name }: Of<"renameTargetGroup">,
): Outcome {
  const { unit } = context;
  const group = requireMadeByHand(context, targetGroupId);
  const renamed: TargetGroup = { ...group, name: name.trim(), nameKey: foldKey(name) };
  if (renamed.name === group.name) return { kind: "done", id: group.id };
  if (renamed.nameKey !== group.nameKey) {
    const feeder = feederByName(context, group);
    if (feeder !== null)
      throw new ScimError(
        "in_use",
        `${feeder} feeds ${quote(group.name)} by its name: under another one it would not.`,
      );
    if (unit.targetGroupNames.get(renamed.nameKey) !== undefined)
      throw new ScimError("target_group_name_taken", `A target group named ${quote(renamed.name)} already exists.`);
  }
  unit.setTargetGroup(group.key, renamed);
  context.announce({
    type: "group.renamed",
    subject: { kind: "group", id: group.id },
    userId: null,
    data: { oldName: group.name, name: renamed.name, source: renamed.source },
  });
  return { kind: "done", id: group.id };
}

/**
 * Removes a target group made by hand. What a live setting feeds is in use, whatever is asked; members given by hand and what
 * it enrols them in go with it where `force` says so, in the steps that follow.
 */
export function deleteTargetGroup(
  context: OperationContext,
  { targetGroupId, force }: Of<"deleteTargetGroup">,
): Outcome {
  const { unit } = context;
  const group = requireMadeByHand(context, targetGroupId);
  const feeder = feederByName(context, group) ?? ownerOf(context, group);
  if (feeder !== null) throw new ScimError("in_use", `${feeder} feeds ${quote(group.name)}: change that first.`);
  const items = unit.autoEnrolments.get(group.key) ?? [];
  if (!force && (group.memberCount > 0 || items.length > 0))
    throw new ScimError(
      "in_use",
      `${quote(group.name)} has ${group.memberCount} members and enrols them in ${items.length} items: with \`force=true\` they leave it, and are withdrawn from what nothing else gives them.`,
    );
  if (items.length > 0) setItems(context, group, []);
  // From now on it is kept by what it holds alone, and goes once that has gone.
  unit.setTargetGroup(group.key, { ...group, keptAs: "idp" });
  if (group.memberCount > 0) scheduleFollowUp(context, "emptyTargetGroup", group.key);
  scheduleFollowUp(context, "releaseMirror", group.key);
  return { kind: "done", id: group.id };
}

/** Takes somebody out of a target group that is being removed, but for what a live setting gives meanwhile. */
export function leaveTargetGroup(context: OperationContext, ref: Ref, targetGroupKey: number): void {
  const { unit } = context;
  const user = unit.users.get(ref);
  if (user === undefined) return;
  const isOver = ({ kind, settingKey, targetGroupKey: key }: Reason) =>
    key === targetGroupKey && (kind === "manual" || !isLive(unit.config, settingKey));
  changeReasons(context, ref, user, { join: [], leave: (unit.reasons.get(ref) ?? []).filter(isOver) });
}

/** Wants the target group, and whoever has the name it is to be given. */
export function foreseeRename(unit: UnitOfWork, { targetGroupId, name }: Of<"renameTargetGroup">): void {
  unit.targetGroupIds.want(targetGroupId);
  unit.targetGroupNames.want(foldKey(name));
}

function requireMadeByHand(context: OperationContext, id: string): TargetGroup {
  const group = requireGroupById(context, id);
  if (group.source !== "manual")
    throw new ScimError(
      "managed",
      `${quote(group.name)} was made by a SCIM setting, which names and removes it: change the setting, or the identity provider.`,
    );
  return group;
}

/** What finds the group by its name, in words: a value of a field, or an IdP group; null for nothing. */
function feederByName({ unit }: OperationContext, group: TargetGroup): string | null {
  const { config, mirrorsOf, reasonCounts } = unit;
  runEach([mirrorsOf, reasonCounts], (facts) => facts.get(group.key));
  const mirror = (mirrorsOf.get(group.key) ?? []).find((ref) => isLive(config, splitRef(ref)[0]));
  if (mirror !== undefined) return `A group of ${nameOf(unit, splitRef(mirror)[0])}`;
  for (const [source, count] of reasonCounts.get(group.key) ?? []) {
    const [kind, settingKey] = source.split(" ");
    if (count > 0 && (kind === "field" || kind === "idp") && isLive(config, Number(settingKey)))
      return `${kind === "field" ? "A field's value" : "A group"} of ${nameOf(unit, Number(settingKey))}`;
  }
  return null;
}

/** The live setting whose own group it is, in words. */
function ownerOf({ unit: { config } }: OperationContext, { key }: TargetGroup): string | null {
  const owner = [...config.settings.values()].find(
    (setting) => isManaging(setting) && setting.groupSettings.targetGroupKey === key,
  );
  return owner === undefined ? null : `SCIM setting ${quote(owner.name)}`;
}

function nameOf({ config }: UnitOfWork, settingKey: number): string {
  return `SCIM setting ${quote(config.settingsByKey.get(settingKey)?.name ?? "")}`;
}
