import { deriveUser } from "../directory/derive-user.ts";
import { foldKey } from "../directory/fold-key.ts";
import { emailKeyOf, fieldsOf, type User } from "../directory/user.ts";
import { groupNameOf } from "../grouping/plan-groups.ts";
import type { JsonObject } from "../scim/json.ts";
import { memberOperationsOf, type PatchRequest } from "../scim/patch/patch.ts";
import { foreseeBulk } from "./bulk.ts";
import type { CompanyConfig, WriterSetting } from "./company-config.ts";
import { SLICE } from "./member-lists.ts";
import type { Needs } from "./needs.ts";
import type { ConfigurationOperation, GroupOperation, Operation, ReplanOperation, UserOperation } from "./operation.ts";
import { userRefs } from "./target-user.ts";
import { pairOf, refOf } from "./working-set.ts";

/**
 * Adds what an operation will read, so that one D1 trip loads it. It may add too little (the operations then run again
 * after a second trip) and never has to be exact.
 */
export function prefetch(needs: Needs, operation: Operation, config: CompanyConfig): void {
  switch (operation.kind) {
    case "createUser":
    case "replaceUser":
    case "patchUser":
    case "deleteUser":
      prefetchUser(needs, operation, config);
      return;
    case "createGroup":
    case "replaceGroup":
    case "patchGroup":
    case "deleteGroup":
      prefetchGroup(needs, operation, config);
      return;
    case "editTargetUser":
    case "removeTargetUser":
      prefetchTargetUser(needs, operation, config);
      return;
    case "addManualMember":
    case "removeManualMember":
      needs.targetGroupIds.add(operation.targetGroupId);
      for (const ref of userRefs(config, operation.userId)) needs.users.add(ref);
      return;
    case "setAutoEnrolments":
      needs.targetGroupIds.add(operation.targetGroupId);
      return;
    case "deleteField":
      needs.keptValues.add(operation.key);
      return;
    case "createTargetGroup":
      needs.targetGroupNames.add(foldKey(operation.name));
      return;
    case "bulk":
      for (const part of foreseeBulk(operation)) prefetch(needs, part, config);
      return;
    case "replan":
      prefetchReplan(needs, operation, config);
      return;
    default:
      return;
  }
}

function prefetchTargetUser(
  needs: Needs,
  operation: ConfigurationOperation & { kind: "editTargetUser" | "removeTargetUser" },
  config: CompanyConfig,
): void {
  for (const ref of userRefs(config, operation.userId)) needs.addUser(ref);
  const email = operation.kind === "editTargetUser" ? operation.fields.email : null;
  const person = typeof email === "string" ? emailKeyOf(email) : null;
  if (person !== null) needs.persons.add(person);
}

function prefetchUser(needs: Needs, operation: UserOperation, config: CompanyConfig): void {
  const setting = config.settings.get(operation.settingId);
  if (setting === undefined) return;
  if (operation.kind !== "createUser") {
    needs.addUser(refOf(setting.key, operation.id));
    needs.deactivations.add(setting.key);
  }
  if (operation.kind === "createUser" || operation.kind === "replaceUser")
    prefetchDocument(needs, operation.document, setting);
  if (operation.kind === "patchUser") {
    for (const text of textsOf(valuesIn(operation.request), 40)) {
      needs.targetGroupNames.add(foldKey(text));
      needs.userNames.add(`${setting.key}/${foldKey(text)}`);
      const person = emailKeyOf(text);
      if (person !== null) needs.persons.add(person);
    }
  }
}

function prefetchDocument(needs: Needs, document: JsonObject, setting: WriterSetting): void {
  const derived = deriveUser(document, setting.compiledMappings);
  needs.userNames.add(`${setting.key}/${derived.userNameKey}`);
  if (derived.emailKey !== null) needs.persons.add(derived.emailKey);
  const { criteria, field } = setting.groupSettings;
  if (criteria !== "field" || field === null) return;
  // Only the mapped fields are read of this user that does not exist yet.
  const name = groupNameOf(fieldsOf(derived as User)[field]);
  if (name !== "") needs.targetGroupNames.add(foldKey(name));
}

function prefetchGroup(needs: Needs, operation: GroupOperation, config: CompanyConfig): void {
  const setting = config.settings.get(operation.settingId);
  if (setting === undefined) return;
  const group = operation.kind === "createGroup" ? null : refOf(setting.key, operation.id);
  if (group !== null) needs.groups.add(group);
  if (operation.kind === "createGroup" || operation.kind === "replaceGroup") {
    const nameKey = foldKey(String(operation.document.displayName ?? ""));
    needs.groupNames.add(`${setting.key}/${nameKey}`);
    needs.targetGroupNames.add(nameKey);
  }
  if (group === null) {
    if (operation.kind === "createGroup" && (operation.members?.length ?? 0) <= SLICE)
      for (const { value } of operation.members ?? []) needs.users.add(refOf(setting.key, value));
    return;
  }
  if (operation.kind === "deleteGroup") needs.addDifference({ group, memberIds: [], verb: "replace" });
  if (operation.kind === "replaceGroup" && operation.members !== undefined)
    needs.addDifference({ group, memberIds: operation.members.map(({ value }) => value), verb: "replace" });
  if (operation.kind === "replaceGroup" || operation.kind === "deleteGroup") needs.subgroups.add(group);
  if (operation.kind === "patchGroup") prefetchPatch(needs, operation, group, setting);
}

function prefetchPatch(
  needs: Needs,
  { request }: GroupOperation & { kind: "patchGroup" },
  group: string,
  setting: WriterSetting,
): void {
  const operations = memberOperationsOf(request);
  for (const operation of operations) {
    const ids = operation.kind === "remove" ? operation.values : operation.members.map(({ value }) => value);
    if (operation.kind === "replace" || ids.length > SLICE) {
      needs.addDifference({ group, memberIds: ids, verb: operation.kind });
      needs.subgroups.add(group);
      continue;
    }
    for (const id of ids) {
      needs.users.add(refOf(setting.key, id));
      needs.memberships.add(pairOf(group, refOf(setting.key, id)));
    }
  }
  if (operations.length === request.operations.length) return;
  for (const text of textsOf(valuesIn(request), 20)) {
    needs.groupNames.add(`${setting.key}/${foldKey(text)}`);
    needs.targetGroupNames.add(foldKey(text));
  }
}

function prefetchReplan(needs: Needs, { replanKey, step }: ReplanOperation, config: CompanyConfig): void {
  const replan = config.replans.find(({ key }) => key === replanKey);
  for (const ref of step.refs) {
    switch (replan?.kind) {
      case "regroupUsers":
      case "removeUsers":
      case "moveMembers":
        needs.addUser(ref);
        break;
      case "enrolMembers":
        needs.users.add(ref);
        break;
      case "removeGroups":
        needs.groups.add(ref);
        needs.subgroups.add(ref);
        needs.addDifference({ group: ref, memberIds: [], verb: "replace" });
        break;
      default:
        needs.groups.add(ref);
    }
  }
}

/** What a PATCH sets attributes to. */
function valuesIn({ operations }: PatchRequest): unknown[] {
  return operations.map((operation) => (operation.kind === "attribute" ? operation.value : undefined));
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
