import { deriveUser } from "../directory/derive-user.ts";
import { foldKey } from "../directory/fold-key.ts";
import { emailKeyOf, fieldsOf, type User } from "../directory/user.ts";
import { groupNameOf } from "../grouping/plan-groups.ts";
import type { JsonObject } from "../scim/json.ts";
import type { PatchRequest } from "../scim/patch/patch.ts";
import type { WriterSetting } from "./company-config.ts";
import { isCompared, type MemberChange, memberChangeOf } from "./member-change.ts";
import type { ConfigurationOperation, GroupOperation, UserOperation } from "./operation.ts";
import { pairOf, refOf } from "./references.ts";
import { userRefs } from "./target-user.ts";
import type { WorkingSet } from "./working-set.ts";

/** Wants what an operation on a user will read. */
export function foreseeUser(workingSet: WorkingSet, operation: UserOperation): void {
  const setting = workingSet.config.settings.get(operation.settingId);
  if (setting === undefined) return;
  if (operation.kind !== "createUser") {
    workingSet.wantUser(refOf(setting.key, operation.id));
    workingSet.deactivations.want(setting.key);
  }
  if (operation.kind === "createUser" || operation.kind === "replaceUser")
    foreseeDocument(workingSet, operation.document, setting);
  if (operation.kind === "patchUser") {
    for (const text of textsOf(valuesIn(operation.request), 40)) {
      workingSet.targetGroupNames.want(foldKey(text));
      workingSet.userNames.want(`${setting.key}/${foldKey(text)}`);
      const person = emailKeyOf(text);
      if (person !== null) workingSet.persons.want(person);
    }
  }
}

function foreseeDocument(workingSet: WorkingSet, document: JsonObject, setting: WriterSetting): void {
  const derived = deriveUser(document, setting.compiledMappings);
  workingSet.userNames.want(`${setting.key}/${derived.userNameKey}`);
  if (derived.emailKey !== null) workingSet.persons.want(derived.emailKey);
  const { criteria, field } = setting.groupSettings;
  if (criteria !== "field" || field === null) return;
  // Only the mapped fields are read of this user that does not exist yet.
  const name = groupNameOf(fieldsOf(derived as User)[field]);
  if (name !== "") workingSet.targetGroupNames.want(foldKey(name));
}

/** Wants what an operation on a group will read. */
export function foreseeGroup(workingSet: WorkingSet, operation: GroupOperation): void {
  const setting = workingSet.config.settings.get(operation.settingId);
  if (setting === undefined) return;
  const group = operation.kind === "createGroup" ? null : refOf(setting.key, operation.id);
  if (group !== null) workingSet.groups.want(group);
  if (operation.kind === "createGroup" || operation.kind === "replaceGroup") {
    const nameKey = foldKey(String(operation.document.displayName ?? ""));
    workingSet.groupNames.want(`${setting.key}/${nameKey}`);
    workingSet.targetGroupNames.want(nameKey);
  }
  if (operation.kind === "deleteGroup" && group !== null) {
    workingSet.comparisons.want(workingSet.nobodyIn(group));
    workingSet.subgroups.want(group);
  }
  if (operation.kind === "patchGroup") foreseeNames(workingSet, operation.request, setting);
  const change = memberChangeOf(operation, setting.key);
  if (change !== null) foreseeMembers(workingSet, change);
}

function foreseeMembers({ users, memberships, comparisons, subgroups }: WorkingSet, change: MemberChange): void {
  const { group, settingKey, added, removed } = change;
  if (isCompared(change)) {
    comparisons.want(change);
    if (group !== null) subgroups.want(group);
    return;
  }
  for (const id of [...removed, ...added.map(({ value }) => value)]) {
    const user = refOf(settingKey, id);
    users.want(user);
    if (group !== null) memberships.want(pairOf(group, user));
  }
}

/** A PATCH may set any of its texts as the group's name. */
function foreseeNames(
  { groupNames, targetGroupNames }: WorkingSet,
  request: PatchRequest,
  setting: WriterSetting,
): void {
  for (const text of textsOf(valuesIn(request), 20)) {
    groupNames.want(`${setting.key}/${foldKey(text)}`);
    targetGroupNames.want(foldKey(text));
  }
}

/** Wants the target group and the user that a membership made by hand is about. */
export function foreseeManualMember(
  workingSet: WorkingSet,
  { targetGroupId, userId }: { targetGroupId: string; userId: string },
): void {
  workingSet.targetGroupIds.want(targetGroupId);
  workingSet.users.wantAll(userRefs(workingSet.config, userId));
}

/** Wants what an edit or a removal of somebody whom no live setting manages will read. */
export function foreseeTargetUser(
  workingSet: WorkingSet,
  operation: ConfigurationOperation & { kind: "editTargetUser" | "removeTargetUser" },
): void {
  for (const ref of userRefs(workingSet.config, operation.userId)) workingSet.wantUser(ref);
  const email = operation.kind === "editTargetUser" ? operation.fields.email : null;
  const person = typeof email === "string" ? emailKeyOf(email) : null;
  if (person !== null) workingSet.persons.want(person);
}

/** Wants who of the kept people has something by a field that is to be deleted. */
export function foreseeFieldDeletion(workingSet: WorkingSet, { key }: { key: string }): void {
  workingSet.keptValues.want(key);
}

/** Wants the target group whose auto-enrolments are set. */
export function foreseeAutoEnrolments(workingSet: WorkingSet, { targetGroupId }: { targetGroupId: string }): void {
  workingSet.targetGroupIds.want(targetGroupId);
}

/** Wants whoever has the name of a target group that is to be made. */
export function foreseeManualGroup(workingSet: WorkingSet, { name }: { name: string }): void {
  workingSet.targetGroupNames.want(foldKey(name));
}

/** What a PATCH sets attributes to. */
function valuesIn({ operations }: PatchRequest): unknown[] {
  return operations.map((operation) => (operation.kind === "members" ? undefined : operation.value));
}

/** The texts inside a value, shallow ones first come, up to a number: names that the operation may turn out to need. */
function textsOf(value: unknown, limit: number): string[] {
  const texts: string[] = [];
  const visit = (part: unknown): void => {
    if (texts.length >= limit) return;
    if (typeof part === "string") {
      if (part.length > 0 && part.length <= 320) texts.push(part);
    } else if (typeof part === "object" && part !== null) for (const inner of Object.values(part)) visit(inner);
  };
  visit(value);
  return texts;
}
