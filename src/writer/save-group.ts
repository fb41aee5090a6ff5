import { foldKey } from "../directory/fold-key.ts";
import type { Group } from "../directory/group.ts";
import { parseDocument } from "../directory/stored-document.ts";
import { meetsPreconditions, type Preconditions, weakTag } from "../scim/entity-tag.ts";
import { ScimError } from "../scim/errors.ts";
import type { JsonObject } from "../scim/json.ts";
import type { WriterSetting } from "./company-config.ts";
import { NO_DIFFERENCE } from "./compare-members.ts";
import type { MemberChange } from "./member-change.ts";
import { changeMembers, regroupMembers } from "./members.ts";
import { ensureMirror, renameMirror } from "./mirror.ts";
import type { StoredGroup } from "./operation.ts";
import { type Ref, refOf } from "./references.ts";
import { notFound, preconditionFailed } from "./refuse.ts";
import { foreseeLosses } from "./rename-losses.ts";
import type { Scope } from "./scope.ts";

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
export function insertGroup(scope: Scope, setting: WriterSetting, document: JsonObject): Ref {
  const { workingSet } = scope;
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
  change: { document: JsonObject; members: MemberChange | null },
): void {
  const { workingSet } = scope;
  const text = JSON.stringify(change.document);
  const named = namesOf(change.document);
  if (named.displayNameKey !== before.displayNameKey) assertNameFree(scope, setting, named, ref);
  if (text !== before.document) workingSet.setGroup(ref, { ...before, ...named, document: text });
  const isMoving = named.displayName !== before.displayName && renameMirror(scope, setting, ref);
  const { changed, isFollowed } = changeMembers(scope, setting, ref, change.members);
  // Who leaves with the old name or joins with the new one does not pass through the other one's target group.
  if (isMoving && isFollowed) foreseeMoves(scope, before.memberCount);
  else if (isMoving) regroupMembers(scope, setting, ref, membersOf(scope, ref), true);
  const after = workingSet.groups.get(ref);
  if (after === undefined || (!changed && text === before.document)) return;
  workingSet.setGroup(ref, { ...after, version: before.version + 1, updatedAt: workingSet.now });
}

/** What the moves of this operation withdraw, which follow in steps with its list of members. */
function foreseeMoves(scope: Scope, members: number): void {
  for (const move of scope.mirrorMoves.splice(0)) foreseeLosses(scope, move, members);
}

/** All members of a group that has no more than change at once. */
export function membersOf({ workingSet }: Scope, ref: Ref): Ref[] {
  const change = workingSet.nobodyIn(ref);
  const { leaves } = workingSet.comparisons.get(change) ?? NO_DIFFERENCE;
  const members = new Set(leaves.ids.map((id) => refOf(change.settingKey, id)));
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
