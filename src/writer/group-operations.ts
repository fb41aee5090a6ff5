import { foldKey } from "../directory/fold-key.ts";
import type { Group } from "../directory/group.ts";
import { parseDocument } from "../directory/parse-document.ts";
import { sql } from "../platform/sql.ts";
import { applyPatch } from "../scim/patch/patch.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import type { WriterSetting } from "../unit/company-config.ts";
import { CHANGED_AT_ONCE, countNamed, isCompared, type MemberChange, NO_DIFFERENCE } from "../unit/member-change.ts";
import { pairOf, type Ref, refOf } from "../unit/resource-references.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import { changeMembers, regroupMembers } from "./change-members.ts";
import { textsSetTo } from "./names-in-patch.ts";
import type { GroupOperation, Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";
import { memberChangeIn, memberChangeOf } from "./requested-member-change.ts";
import { letGoOfMirror } from "./review-unfed-target-groups.ts";
import { removeAllMembers } from "./rewrite-large-membership.ts";
import {
  insertGroup,
  membersOf,
  raiseVersionsOfGroupsAround,
  requireGroup,
  toStoredGroup,
  updateGroup,
} from "./save-group.ts";

/** POST /Groups (RFC 7644 section 3.3): 409 uniqueness when the setting has a group of that name, compared folded. */
export function createGroup(context: OperationContext, operation: GroupOperation & { kind: "createGroup" }): Outcome {
  const setting = context.requireSetting(operation.settingId);
  const ref = insertGroup(context, setting, operation.document);
  changeMembers(context, setting, ref, memberChangeOf(operation, setting.key));
  return { kind: "group", group: toStoredGroup(context, ref) };
}

/**
 * PUT /Groups/{id} (RFC 7644 section 3.5.1). A deviation: a body without `members` keeps them, since some IdPs rename so
 * and a rename must not empty a group; `members: []` empties it. So does a body without them where the setting's dialect
 * says so: Keycloak's plug-ins leave them out when the last one goes (test/settings/dialect-of-provider.worker.test.ts).
 */
export function replaceGroup(context: OperationContext, operation: GroupOperation & { kind: "replaceGroup" }): Outcome {
  const setting = context.requireSetting(operation.settingId);
  const current = requireGroup(context, setting, operation);
  const members = memberChangeIn(setting, operation);
  updateGroup(context, setting, current, { document: operation.document, members });
  if (members === null)
    noteMembersKept(context, current, operation.members === null ? "members_kept" : "members_not_sent");
  return { kind: "group", group: toStoredGroup(context, current.ref) };
}

function noteMembersKept(
  context: OperationContext,
  { ref, group }: { ref: Ref; group: Group },
  kind: "members_kept" | "members_not_sent",
): void {
  const { memberships, subgroups } = context.unit;
  // Requests before this one in the same commit may have changed them.
  const earlier = memberships.differences().filter(({ key }) => key.startsWith(pairOf(ref, "")));
  const users = earlier.reduce((sum, { after }) => sum + (after ? 1 : -1), group.memberCount);
  if (users + (subgroups.get(ref)?.length ?? 0) > 0) context.notes.push({ kind, path: "members", value: null });
}

/** PATCH /Groups/{id} (RFC 7644 section 3.5.2): member operations are set operations that never load the group. */
export function patchGroup(context: OperationContext, operation: GroupOperation & { kind: "patchGroup" }): Outcome {
  const setting = context.requireSetting(operation.settingId);
  const current = requireGroup(context, setting, operation);
  const patched = applyPatch(resourceTypes().Group, parseDocument(current.group.document), operation.request);
  context.notes.push(...patched.notes);
  const members = memberChangeOf(operation, setting.key);
  updateGroup(context, setting, current, { document: patched.document, members });
  return { kind: "group", group: toStoredGroup(context, current.ref) };
}

/** DELETE /Groups/{id} (RFC 7644 section 3.6): its users stay; its mirror goes unless something else needs it. */
export function deleteGroup(context: OperationContext, operation: GroupOperation & { kind: "deleteGroup" }): Outcome {
  const setting = context.requireSetting(operation.settingId);
  const { ref, group } = requireGroup(context, setting, operation);
  removeGroup(context, setting, ref);
  return { kind: "deleted", label: group.displayName };
}

/** Removes a group, its memberships, and its hold on its mirror. */
export function removeGroup(context: OperationContext, setting: WriterSetting, ref: Ref): void {
  const { unit } = context;
  const group = unit.groups.get(ref);
  if (group === undefined) return;
  const { leaves } = unit.comparisons.get(unit.nobodyIn(ref)) ?? NO_DIFFERENCE;
  if (leaves.count > CHANGED_AT_ONCE) {
    removeAllMembers(context, setting, group, leaves);
    dropGroup(context, ref, group);
    return;
  }
  const members = membersOf(context, ref);
  unit.users.require(members);
  for (const user of members) unit.setMembership(ref, user, false);
  regroupMembers(context, setting, ref, members, false);
  dropGroup(context, ref, group);
}

function dropGroup(context: OperationContext, ref: Ref, group: Group): void {
  const { unit } = context;
  // Only rows that were read can be taken away.
  unit.subgroups.require([ref]);
  unit.subgroups.set(ref, []);
  raiseVersionsOfGroupsAround(context, group);
  unit.execute(sql`DELETE FROM group_subgroups WHERE subgroup_key = ${group.key}`);
  unit.setGroup(ref, undefined);
  if (group.targetGroupKey !== null) letGoOfMirror(context, group.targetGroupKey);
}

/** Wants what an operation on a group will read. */
export function foreseeGroup(unit: UnitOfWork, operation: GroupOperation): void {
  const setting = unit.config.settings.get(operation.settingId);
  if (setting === undefined) return;
  const group = operation.kind === "createGroup" ? null : refOf(setting.key, operation.id);
  if (group !== null) unit.groups.want(group);
  unit.brakes.want(setting.key);
  if (operation.kind === "deleteGroup" && group !== null) {
    unit.comparisons.want(unit.nobodyIn(group));
    unit.subgroups.want(group);
    unit.mirrorFacts.want({ group, newName: null });
  }
  const change = memberChangeIn(setting, operation);
  const name = nameIn(operation);
  if (name !== null) foreseeName(unit, setting, { group, name, isSmall: isSmall(operation, change) });
  if (change !== null) foreseeMembers(unit, change);
  else if (operation.kind === "replaceGroup" && group !== null) unit.subgroups.want(group);
}

/** Members that are looked up as groups along with users, in case that they are; who names more is asked in a second trip. */
const LOOKED_UP_TWICE = 1_000;

function foreseeMembers(unit: UnitOfWork, change: MemberChange): void {
  const { users, groups, comparisons, subgroups } = unit;
  const { group, settingKey, added, removed } = change;
  const isUser = (ref: Ref) => users.knows(ref) && users.get(ref) !== undefined;
  const refs = added.map(({ value }) => refOf(settingKey, value));
  if (added.length <= LOOKED_UP_TWICE) groups.wantAll(refs.filter((ref) => !isUser(ref)));
  const mayNest = isCompared(change) || removed.length > 0 || added.some(({ type }) => type === "Group");
  if (group !== null && mayNest) subgroups.want(group);
  if (isCompared(change)) {
    comparisons.want(change);
    return;
  }
  for (const user of [...removed.map((id) => refOf(settingKey, id)), ...refs]) {
    users.want(user);
    if (group !== null) unit.wantMembership(group, user);
  }
}

/** The name that an operation gives a group, or null. */
function nameIn(operation: GroupOperation): string | null {
  switch (operation.kind) {
    case "createGroup":
    case "replaceGroup":
      return String(operation.document.displayName ?? "");
    case "patchGroup":
      return textsSetTo(operation.request, "displayName").at(-1) ?? null;
    case "deleteGroup":
      return null;
  }
}

/** Whether nothing speaks for it that the group has many members: a PUT that does not list them may be of any. */
function isSmall({ kind }: GroupOperation, change: MemberChange | null): boolean {
  return change === null ? kind === "patchGroup" : countNamed(change) <= CHANGED_AT_ONCE;
}

/** Who has the name, and, of a group that mirrors a target group, what comes of that one. */
function foreseeName(
  unit: UnitOfWork,
  { key, groupSettings }: WriterSetting,
  { group, name, isSmall }: { group: Ref | null; name: string; isSmall: boolean },
): void {
  const nameKey = foldKey(name);
  unit.groupNames.want(`${key}/${nameKey}`);
  unit.targetGroupNames.want(nameKey);
  if (group === null || groupSettings.criteria !== "idp") return;
  unit.mirrorFacts.want({ group, newName: name });
  // Where another target group has the name, the members move there.
  const isTaken = unit.targetGroupNames.knows(nameKey) && unit.targetGroupNames.get(nameKey) !== undefined;
  if (isTaken && isSmall) unit.comparisons.want(unit.nobodyIn(group));
}
