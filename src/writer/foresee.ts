import { deriveUser } from "../directory/derive-user.ts";
import { foldKey } from "../directory/fold-key.ts";
import { emailKeyOf, fieldsOf, type User } from "../directory/user.ts";
import { groupNameOf } from "../grouping/plan-groups.ts";
import type { JsonObject } from "../scim/json.ts";
import { memberOperationsOf, type PatchRequest } from "../scim/patch/patch.ts";
import type { WriterSetting } from "./company-config.ts";
import { userRefs } from "./configure-targets.ts";
import { comparisonKey, SLICE } from "./member-lists.ts";
import type { GroupOperation, UserOperation } from "./operation.ts";
import { pairOf, refOf, type WorkingSet } from "./working-set.ts";

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
  if (group === null) {
    if (operation.kind === "createGroup" && (operation.members?.length ?? 0) <= SLICE)
      for (const { value } of operation.members ?? []) workingSet.users.want(refOf(setting.key, value));
    return;
  }
  if (operation.kind === "deleteGroup")
    workingSet.comparisons.want(comparisonKey({ group, memberIds: [], verb: "replace" }));
  if (operation.kind === "replaceGroup" && operation.members !== undefined)
    workingSet.comparisons.want(
      comparisonKey({ group, memberIds: operation.members.map(({ value }) => value), verb: "replace" }),
    );
  if (operation.kind === "replaceGroup" || operation.kind === "deleteGroup") workingSet.subgroups.want(group);
  if (operation.kind === "patchGroup") foreseePatch(workingSet, operation, group, setting);
}

function foreseePatch(
  workingSet: WorkingSet,
  { request }: GroupOperation & { kind: "patchGroup" },
  group: string,
  setting: WriterSetting,
): void {
  const operations = memberOperationsOf(request);
  for (const operation of operations) {
    const ids = operation.kind === "remove" ? operation.values : operation.members.map(({ value }) => value);
    if (operation.kind === "replace" || ids.length > SLICE) {
      workingSet.comparisons.want(comparisonKey({ group, memberIds: ids, verb: operation.kind }));
      workingSet.subgroups.want(group);
      continue;
    }
    for (const id of ids) {
      workingSet.users.want(refOf(setting.key, id));
      workingSet.memberships.want(pairOf(group, refOf(setting.key, id)));
    }
  }
  if (operations.length === request.operations.length) return;
  for (const text of textsOf(valuesIn(request), 20)) {
    workingSet.groupNames.want(`${setting.key}/${foldKey(text)}`);
    workingSet.targetGroupNames.want(foldKey(text));
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
