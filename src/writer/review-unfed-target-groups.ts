import type { TargetGroup } from "../grouping/target-group.ts";
import { isSilent } from "../settings/shadow.ts";
import { isLive, isManaging, type WriterSetting } from "../unit/company-config.ts";
import { runEach } from "../unit/loaded-and-changed-rows.ts";
import { type Ref, splitRef } from "../unit/resource-references.ts";
import type { OperationContext } from "./operation-context.ts";
import { scheduleFollowUp } from "./schedule-follow-up.ts";

/** What feeds a target group or keeps it there, as far as it has to be read from D1. */
type Facts = "mirrorsOf" | "reasonCounts";

/**
 * Whether anything but manual memberships feeds a target group besides one IdP group (null: besides none): whoever made it
 * by hand, a setting whose own group it is, another IdP group, a field's value. What a deleted setting's users kept counts.
 */
export function isFedBesides(context: OperationContext, group: TargetGroup, ref: Ref | null): boolean {
  const { unit } = context;
  const { config, mirrorsOf, reasonCounts } = unit;
  if (group.source === "manual" || isClaimed(context, group)) return true;
  runEach<Facts>(["mirrorsOf", "reasonCounts"], (facts) => unit[facts].get(group.key));
  return (
    (mirrorsOf.get(group.key) ?? []).some((other) => other !== ref && isLive(config, splitRef(other)[0])) ||
    [...(reasonCounts.get(group.key) ?? [])].some(([source, count]) => count > 0 && isFeeder(context, source))
  );
}

/**
 * Whether a setting's configuration alone feeds it: as its own group, or by a field one of whose values it was named by. One in
 * shadow feeds nothing yet; it keeps its own group from going all the same (`isKeptThere`), since it names it.
 */
function isClaimed(context: OperationContext, { key, keptAs }: TargetGroup): boolean {
  const settings = liveSettings(context).filter((setting) => !isSilent(setting));
  return isOwnGroup(settings, key) || (keptAs === "field" && settings.some(isByField));
}

/**
 * What a live setting feeds its configuration and its IdP groups tell, whatever reasons its users still have elsewhere until
 * they are regrouped; those kept of a deleted one are all there is of it. Whose deletion waits feeds nothing any more.
 */
function isFeeder({ unit: { config } }: OperationContext, source: string): boolean {
  const [kind, settingKey] = source.split(" ");
  const setting = config.settingsByKey.get(Number(settingKey));
  if (kind === "manual" || setting === undefined || setting.heirOf !== null) return false;
  return !isManaging(setting) || (kind === "field" && isByField(setting));
}

function isOwnGroup(settings: readonly WriterSetting[], key: number): boolean {
  return settings.some(({ groupSettings }) => groupSettings.targetGroupKey === key);
}

function isByField({ groupSettings }: WriterSetting): boolean {
  return groupSettings.criteria === "field";
}

function liveSettings({ unit: { config } }: OperationContext): WriterSetting[] {
  return [...config.settings.values()].filter(isManaging);
}

/**
 * Decides, when an operation has run, about the target groups from which it took something: one that is kept as a mirror goes
 * when neither an IdP group nor a setting, a member or an auto-enrolment uses it any more.
 */
export function reviewTargetGroups(context: OperationContext): void {
  const { followUps } = context.unit.config;
  // Work that is under way ends with a look of its own.
  const isPending = (key: number) =>
    followUps.some(({ kind, subjectKey }) => kind === "releaseMirror" && subjectKey === key);
  runEach(
    [...context.toReview].filter((key) => !isPending(key)),
    (key) => removeUnusedMirror(context, key),
  );
}

/** Removes a mirror that nothing uses; others stay. */
export function removeUnusedMirror(context: OperationContext, key: number): void {
  const { unit } = context;
  const group = unit.targetGroups.get(key);
  if (group === undefined || isKeptThere(context, group)) return;
  unit.setTargetGroup(key, undefined);
  context.announce({
    type: "group.deleted",
    subject: { kind: "group", id: group.id },
    userId: null,
    data: { name: group.name },
  });
}

function isKeptThere(context: OperationContext, { key, keptAs }: TargetGroup): boolean {
  const { config, autoEnrolments, mirrorsOf, reasonCounts } = context.unit;
  return (
    keptAs !== "idp" ||
    (autoEnrolments.get(key) ?? []).length > 0 ||
    isOwnGroup(liveSettings(context), key) ||
    (mirrorsOf.get(key) ?? []).some((other) => isLive(config, splitRef(other)[0])) ||
    [...(reasonCounts.get(key) ?? [])].some(([, count]) => count > 0)
  );
}

/** An IdP group mirrors its target group no more: what nothing else feeds is from now on kept as a mirror only. */
export function letGoOfMirror(context: OperationContext, key: number): void {
  const { unit } = context;
  const group = unit.targetGroups.get(key);
  if (group === undefined) return;
  if (group.keptAs !== "idp" && !isFedBesides(context, group, null))
    unit.setTargetGroup(key, { ...group, keptAs: "idp" });
  context.reviewAtEnd(key);
}

/** Has a setting's own target group looked at once it is the setting's no more and its members have left it. */
export function scheduleLookAtOwnGroup(
  context: OperationContext,
  { groupSettings: { targetGroupKey: key } }: WriterSetting,
): void {
  if (key !== null && context.unit.targetGroups.get(key)?.keptAs === "idp")
    scheduleFollowUp(context, "releaseMirror", key);
}
