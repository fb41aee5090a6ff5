import { foldKey } from "../directory/fold-key.ts";
import type { Group } from "../directory/group.ts";
import { isWaitingFor } from "../directory/name-lost-by-folding.ts";
import { parseDocument } from "../directory/parse-document.ts";
import { sql } from "../platform/sql.ts";
import { meetsPreconditions, type Preconditions, weakTag } from "../scim/entity-tag.ts";
import type { JsonObject } from "../scim/json.ts";
import { ScimError } from "../scim/scim-error.ts";
import type { WriterSetting } from "../unit/company-config.ts";
import { type MemberChange, NO_DIFFERENCE, takesOut } from "../unit/member-change.ts";
import { type Ref, refOf, splitRef } from "../unit/resource-references.ts";
import { endKeptByGroup } from "./brake-leaving-groups.ts";
import { changeMembers, regroupMembers } from "./change-members.ts";
import { ensureMirror, renameMirror } from "./mirror-idp-groups.ts";
import { forecastWithdrawnByRename } from "./note-enrolments-withdrawn-by-rename.ts";
import { groupToStore } from "./note-unfit-field-values.ts";
import type { OperationContext } from "./operation-context.ts";
import { notFound, preconditionFailed } from "./refuse-write.ts";
import type { StoredGroup } from "./stored-resource.ts";
import { isGuarded } from "./trip-brake.ts";

/** The group an operation names; 404 when the setting has none, 412 when If-Match or If-None-Match rules its version out. */
export function requireGroup(
  { unit }: OperationContext,
  setting: WriterSetting,
  { id, ...preconditions }: { id: string } & Preconditions,
): { ref: Ref; group: Group } {
  const ref = refOf(setting.key, id);
  const group = unit.groups.get(ref);
  if (group === undefined) throw notFound("Group", id);
  if (!meetsPreconditions(preconditions, weakTag(group.version))) throw preconditionFailed(id);
  return { ref, group };
}

/** Makes a group, and its mirror when the setting synchronises groups. */
export function insertGroup(context: OperationContext, setting: WriterSetting, sent: JsonObject): Ref {
  const { unit } = context;
  const document = groupToStore(context, sent);
  const named = namesOf(document);
  assertNameFree(context, setting, named, null);
  const group: Group = {
    ...named,
    key: unit.allocateKey(),
    settingKey: setting.key,
    id: unit.allocateId(),
    document: JSON.stringify(document),
    targetGroupKey: null,
    memberCount: 0,
    version: 1,
    createdAt: unit.now,
    updatedAt: unit.now,
  };
  const ref = refOf(setting.key, group.id);
  unit.groups.load(ref, undefined);
  unit.subgroups.load(ref, []);
  // Who names it as a member asks first whether it is a user.
  unit.users.load(ref, undefined);
  unit.setGroup(ref, group);
  ensureMirror(context, setting, ref);
  return ref;
}

/** Gives a group a new document and applies member operations; nothing changed keeps its version. */
export function updateGroup(
  context: OperationContext,
  setting: WriterSetting,
  { ref, group: before }: { ref: Ref; group: Group },
  change: { document: JsonObject; members: MemberChange | null },
): void {
  const { unit } = context;
  const document = groupToStore(context, change.document);
  const text = JSON.stringify(document);
  const named = withNameOf(context, before, namesOf(document));
  if (named.displayNameKey !== before.displayNameKey) assertNameFree(context, setting, named, ref);
  if (text !== before.document) unit.setGroup(ref, { ...before, ...named, document: text });
  const isMoving = named.displayName !== before.displayName && renameMirror(context, setting, ref);
  if (named.displayName !== before.displayName) raiseVersionsOfGroupsAround(context, before);
  // Whoever joins while its setting is going live does not wait until it is the group's time.
  if (setting.shadow !== null) ensureMirror(context, setting, ref);
  const { changed, removed, isFollowed } = changeMembers(context, setting, ref, change.members);
  if (!removed && change.members !== null && takesOut(change.members)) context.notes.add("nothing_removed", "members");
  // Who leaves with the old name or joins with the new one does not pass through the other one's target group.
  if (isMoving && isFollowed) {
    endKeptByGroup(context, setting, before.key);
    forecastWithdrawnByMoves(context, setting, before.memberCount);
  } else if (isMoving) regroupMembers(context, setting, ref, membersOf(context, ref), true);
  const after = unit.groups.get(ref);
  if (after === undefined || (!changed && text === before.document)) return;
  unit.setGroup(ref, { ...after, version: before.version + 1, updatedAt: unit.now });
}

/** Gives the groups of a user a new version each: they show their members, which this one is about to leave, by name. */
export function raiseVersionsOfGroupsOf({ unit }: OperationContext, user: Ref): void {
  for (const ref of unit.groupsOf.get(user) ?? []) {
    const group = unit.groups.get(ref);
    if (group !== undefined) unit.setGroup(ref, { ...group, version: group.version + 1, updatedAt: unit.now });
  }
}

/** The same for the groups that a group is a member of, which nobody has read. */
export function raiseVersionsOfGroupsAround({ unit }: OperationContext, { key }: Group): void {
  unit.execute(
    sql`UPDATE groups SET version = version + 1, updated_at = ${unit.now}
      WHERE group_key IN (SELECT group_key FROM group_subgroups WHERE subgroup_key = ${key})`,
  );
}

/** What the moves of this operation withdraw, which follow in steps with its list of members. */
function forecastWithdrawnByMoves(context: OperationContext, setting: WriterSetting, members: number): void {
  const moves = context.mirrorMoves.splice(0);
  // What is held is withdrawn when it is released.
  if (!isGuarded(context, setting, "moves"))
    for (const move of moves) forecastWithdrawnByRename(context, move, members);
}

/** All members of a group that has no more than change at once. */
export function membersOf({ unit }: OperationContext, ref: Ref): Ref[] {
  const change = unit.nobodyIn(ref);
  const { leaves } = unit.comparisons.get(change) ?? NO_DIFFERENCE;
  const members = new Set(leaves.ids.map((id) => refOf(change.settingKey, id)));
  for (const { key: pair, after } of unit.memberships.differences()) {
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

/** One whose name is another one's since names are folded otherwise does without until that one goes or is renamed. */
function withNameOf(
  { unit }: OperationContext,
  { settingKey, displayNameKey }: Group,
  named: ReturnType<typeof namesOf>,
): ReturnType<typeof namesOf> {
  if (!isWaitingFor(displayNameKey, named.displayNameKey)) return named;
  const isFree = unit.groupNames.get(`${settingKey}/${named.displayNameKey}`) === undefined;
  return isFree ? named : { ...named, displayNameKey };
}

function assertNameFree(
  { unit, notes }: OperationContext,
  setting: WriterSetting,
  { displayName, displayNameKey }: Pick<Group, "displayName" | "displayNameKey">,
  own: Ref | null,
): void {
  const holder = unit.groupNames.get(`${setting.key}/${displayNameKey}`);
  if (holder === undefined || holder === own) return;
  notes.add("name_held", "displayName", splitRef(holder)[1]);
  throw new ScimError(
    "group_name_taken",
    `A group with displayName "${displayName}" already exists in this SCIM setting. Group names are compared without regard to case.`,
  );
}

/** What the door answers with. */
export function toStoredGroup({ unit }: OperationContext, ref: Ref): StoredGroup {
  const group = unit.groups.get(ref);
  if (group === undefined) throw new Error(`group ${ref} vanished from its unit of work`);
  const { id, version, createdAt, updatedAt } = group;
  return { id, document: parseDocument(group.document), version, createdAt, updatedAt };
}
