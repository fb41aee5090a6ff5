import { deriveUser } from "../directory/derive-user.ts";
import { foldKey } from "../directory/fold-key.ts";
import { emailKeyOf, fieldsOf, type User } from "../directory/user.ts";
import { groupNameOf } from "../grouping/plan-groups.ts";
import type { JsonObject } from "../scim/json.ts";
import { memberOperationsOf, type PatchRequest } from "../scim/patch/patch.ts";
import { foreseeBulk } from "./bulk.ts";
import type { WriterSetting } from "./company-config.ts";
import { userRefs } from "./configure-targets.ts";
import { comparisonKey, SLICE } from "./member-lists.ts";
import type { GroupOperation, Operation, ReplanOperation, UserOperation } from "./operation.ts";
import { pairOf, refOf, type WorkingSet } from "./working-set.ts";

/**
 * Wants what an operation will read, so that one D1 trip loads it. It may want too little (the operations then run again
 * after a second trip) and never has to be exact.
 */
export function prefetch(workingSet: WorkingSet, operation: Operation): void {
  switch (operation.kind) {
    case "createUser":
    case "replaceUser":
    case "patchUser":
    case "deleteUser":
      prefetchUser(workingSet, operation);
      return;
    case "createGroup":
    case "replaceGroup":
    case "patchGroup":
    case "deleteGroup":
      prefetchGroup(workingSet, operation);
      return;
    case "addManualMember":
    case "removeManualMember":
      workingSet.targetGroupIds.want(operation.targetGroupId);
      for (const ref of userRefs(workingSet.config, operation.userId)) workingSet.users.want(ref);
      return;
    case "setAutoEnrolments":
      workingSet.targetGroupIds.want(operation.targetGroupId);
      return;
    case "createTargetGroup":
      workingSet.targetGroupNames.want(foldKey(operation.name));
      return;
    case "bulk":
      for (const part of foreseeBulk(operation)) prefetch(workingSet, part);
      return;
    case "replan":
      prefetchReplan(workingSet, operation);
      return;
    default:
      return;
  }
}

function prefetchUser(workingSet: WorkingSet, operation: UserOperation): void {
  const setting = workingSet.config.settings.get(operation.settingId);
  if (setting === undefined) return;
  if (operation.kind !== "createUser") {
    workingSet.wantUser(refOf(setting.key, operation.id));
    workingSet.deactivations.want(setting.key);
  }
  if (operation.kind === "createUser" || operation.kind === "replaceUser")
    prefetchDocument(workingSet, operation.document, setting);
  if (operation.kind === "patchUser") {
    for (const text of textsOf(valuesIn(operation.request), 40)) {
      workingSet.targetGroupNames.want(foldKey(text));
      workingSet.userNames.want(`${setting.key}/${foldKey(text)}`);
      const person = emailKeyOf(text);
      if (person !== null) workingSet.persons.want(person);
    }
  }
}

function prefetchDocument(workingSet: WorkingSet, document: JsonObject, setting: WriterSetting): void {
  const derived = deriveUser(document, setting.compiledMappings);
  workingSet.userNames.want(`${setting.key}/${derived.userNameKey}`);
  if (derived.emailKey !== null) workingSet.persons.want(derived.emailKey);
  const { criteria, field } = setting.groupSettings;
  if (criteria !== "field" || field === null) return;
  // Only the mapped fields are read of this user that does not exist yet.
  const name = groupNameOf(fieldsOf(derived as User)[field]);
  if (name !== "") workingSet.targetGroupNames.want(foldKey(name));
}

function prefetchGroup(workingSet: WorkingSet, operation: GroupOperation): void {
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
  if (operation.kind === "patchGroup") prefetchPatch(workingSet, operation, group, setting);
}

function prefetchPatch(
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

function prefetchReplan(workingSet: WorkingSet, { replanKey, step }: ReplanOperation): void {
  const replan = workingSet.config.replans.find(({ key }) => key === replanKey);
  for (const ref of step.refs) {
    switch (replan?.kind) {
      case "regroupUsers":
      case "removeUsers":
      case "moveMembers":
        workingSet.wantUser(ref);
        break;
      case "enrolMembers":
        workingSet.users.want(ref);
        break;
      case "removeGroups":
        workingSet.groups.want(ref);
        workingSet.subgroups.want(ref);
        workingSet.comparisons.want(comparisonKey({ group: ref, memberIds: [], verb: "replace" }));
        break;
      default:
        workingSet.groups.want(ref);
    }
  }
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
