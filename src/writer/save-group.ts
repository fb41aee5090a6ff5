import { foldKey } from "../directory/fold-key.ts";
import type { Group } from "../directory/group.ts";
import { parseDocument } from "../directory/stored-document.ts";
import { meetsPreconditions, type Preconditions, weakTag } from "../scim/entity-tag.ts";
import { ScimError } from "../scim/errors.ts";
import type { JsonObject } from "../scim/json.ts";
import type { MemberOperation } from "../scim/patch/member-operations.ts";
import type { WriterSetting } from "./company-config.ts";
import { keepGroup } from "./keep-document.ts";
import { applyMembers, regroupMembers } from "./members.ts";
import { ensureMirror, renameMirror } from "./mirror.ts";
import { differenceKey } from "./needs.ts";
import type { StoredGroup } from "./operation.ts";
import { notFound, preconditionFailed } from "./refuse.ts";
import type { Scope } from "./scope.ts";
import { MissingDifference } from "./tracked.ts";
import { type Ref, refOf } from "./working-set.ts";

/** The group an operation names; 404 when the setting has none, 412 when If-Match or If-None-Match rules its version out. */
export function requireGroup(
  { workingSet }: Scope,
  setting: WriterSetting,
  { id, ...preconditions }: { id: string } & Preconditions,
): { ref: Ref; group: Group } {
  const ref = refOf(setting.key, id);
  const group = workingSet.groups.get(ref);
  if (group === undefined) throw notFound("Group", id);
  if (!meetsPreconditions(preconditions, weakTag(group.version))) throw preconditionFailed(id);
  return { ref, group };
}

/** Makes a group, and its mirror when the setting synchronises groups. */
export function insertGroup(scope: Scope, setting: WriterSetting, sent: JsonObject): Ref {
  const { workingSet } = scope;
  const document = keepGroup(scope, sent);
  const named = namesOf(document);
  assertNameFree(scope, setting, named, null);
  const group: Group = {
    ...named,
    key: workingSet.allocateKey(),
    settingKey: setting.key,
    id: workingSet.allocateId(),
    document: JSON.stringify(document),
    targetGroupKey: null,
    memberCount: 0,
    version: 1,
    createdAt: workingSet.now,
    updatedAt: workingSet.now,
  };
  const ref = refOf(setting.key, group.id);
  workingSet.groups.load(ref, undefined);
  workingSet.subgroups.load(ref, []);
  // Who names it as a member asks first whether it is a user.
  workingSet.users.load(ref, undefined);
  workingSet.setGroup(ref, group);
  ensureMirror(scope, setting, ref);
  return ref;
}

/** Gives a group a new document and applies member operations; nothing changed keeps its version. */
export function updateGroup(
  scope: Scope,
  setting: WriterSetting,
  { ref, group: before }: { ref: Ref; group: Group },
  change: { document: JsonObject; memberOperations: readonly MemberOperation[] },
): void {
  const { workingSet } = scope;
  const document = keepGroup(scope, change.document);
  const text = JSON.stringify(document);
  const named = namesOf(document);
  if (named.displayNameKey !== before.displayNameKey) assertNameFree(scope, setting, named, ref);
  if (text !== before.document) workingSet.setGroup(ref, { ...before, ...named, document: text });
  const isMoving = named.displayName !== before.displayName && renameMirror(scope, setting, ref);
  const changed = applyMembers(scope, setting, ref, change.memberOperations);
  // Who leaves with the old name or joins with the new one does not pass through the other one's target group.
  if (isMoving) regroupMembers(scope, setting, ref, membersOf(scope, ref), true);
  const after = workingSet.groups.get(ref);
  if (after === undefined || (!changed && text === before.document)) return;
  workingSet.setGroup(ref, { ...after, version: before.version + 1, updatedAt: workingSet.now });
}

/** All members of a group, as a whole-list difference to nobody shows them. */
export function membersOf({ workingSet }: Scope, ref: Ref): Ref[] {
  const wanted = { group: ref, memberIds: [], verb: "replace" as const };
  const difference = workingSet.memberDifferences.get(differenceKey(wanted));
  if (difference === undefined) throw new MissingDifference(wanted);
  const settingKey = Number(ref.slice(0, ref.indexOf("/")));
  const members = new Set(difference.leaves.map((id) => refOf(settingKey, id)));
  for (const { key: pair, after } of workingSet.memberships.changes()) {
    if (!pair.startsWith(`${ref} `)) continue;
    const user = pair.slice(ref.length + 1);
    if (after) members.add(user);
    else members.delete(user);
  }
  return [...members];
}

function namesOf(document: JsonObject): Pick<Group, "displayName" | "displayNameKey" | "externalId"> {
  const displayName = String(document.displayName ?? "");
  const externalId = typeof document.externalId === "string" ? document.externalId : null;
  return { displayName, displayNameKey: foldKey(displayName), externalId };
}

function assertNameFree(
  { workingSet }: Scope,
  setting: WriterSetting,
  { displayName, displayNameKey }: Pick<Group, "displayName" | "displayNameKey">,
  own: Ref | null,
): void {
  const holder = workingSet.groupNames.get(`${setting.key}/${displayNameKey}`);
  if (holder !== undefined && holder !== own)
    throw new ScimError(
      "group_name_taken",
      `A group with displayName "${displayName}" already exists in this SCIM setting. Group names are compared without regard to case.`,
    );
}

/** What the door answers with. */
export function toStoredGroup({ workingSet }: Scope, ref: Ref): StoredGroup {
  const group = workingSet.groups.get(ref);
  if (group === undefined) throw new Error(`group ${ref} vanished from its working set`);
  const { id, version, createdAt, updatedAt } = group;
  return { id, document: parseDocument(group.document), version, createdAt, updatedAt };
}
