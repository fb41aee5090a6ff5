import { ScimError } from "../scim/errors.ts";
import type { MemberOperation } from "../scim/patch/patch-members.ts";
import type { Member } from "../scim/read-members.ts";
import type { WriterSetting } from "./company-config.ts";
import { splitPair } from "./load-sql.ts";
import { countRemovedMembers } from "./mass-change.ts";
import { type Comparison, comparisonKey, type MemberDifference, SLICE } from "./member-lists.ts";
import { mirrorOf } from "./mirror.ts";
import { mirrorsFromReasons, regroup } from "./regroup.ts";
import type { Scope } from "./scope.ts";
import { pairOf, type Ref, refOf } from "./working-set.ts";

/** Applies member operations to a group, in order, as set operations; says whether anything changed. */
export function applyMembers(
  scope: Scope,
  setting: WriterSetting,
  group: Ref,
  operations: readonly MemberOperation[],
): boolean {
  const outcomes = operations.map((operation) => applyOne(scope, setting, group, operation));
  const removed = outcomes.reduce((sum, outcome) => sum + outcome.removed, 0);
  if (removed > 0) countRemovedMembers(scope, group, removed);
  return outcomes.some((outcome) => outcome.changed);
}

interface MemberOutcome {
  changed: boolean;
  removed: number;
}

function applyOne(scope: Scope, setting: WriterSetting, group: Ref, operation: MemberOperation): MemberOutcome {
  switch (operation.kind) {
    case "add": {
      if (scope.defersMembers && operation.members.length > SLICE)
        return addLongList(scope, setting, group, operation.members);
      const { users, subgroups } = resolve(scope, setting, operation.members);
      const joined = setMembers(scope, setting, group, users, true);
      return { changed: addSubgroups(scope, group, subgroups) || joined > 0, removed: 0 };
    }
    case "remove": {
      if (scope.defersMembers && operation.values.length > SLICE)
        return removeLongList(scope, setting, group, operation.values);
      const refs = operation.values.map((id) => refOf(setting.key, id));
      scope.workingSet.users.require(refs);
      const users = refs.filter((ref) => scope.workingSet.users.get(ref) !== undefined);
      const removed = setMembers(scope, setting, group, users, false);
      const found = new Set(users);
      const others = refs.filter((ref) => !found.has(ref));
      return { changed: removeSubgroups(scope, group, others) || removed > 0, removed };
    }
    case "replace":
      return replaceMembers(scope, setting, group, operation.members);
  }
}

function requireDifference({ workingSet }: Scope, comparison: Comparison): MemberDifference {
  return workingSet.comparisons.get(comparisonKey(comparison)) ?? { joins: [], leaves: [], unknown: [] };
}

/** What a list changes of a group's members, and the groups among them; 400 when it names what is neither. */
function compare(
  scope: Scope,
  setting: WriterSetting,
  members: readonly Member[],
  comparison: Comparison,
): MemberDifference & { subgroups: Ref[]; known: Ref[] } {
  const difference = requireDifference(scope, comparison);
  const strangers = new Set(difference.unknown);
  const { subgroups, users: known } = resolve(
    scope,
    setting,
    members.filter((member) => member.type === "Group" || strangers.has(member.value)),
  );
  return { ...difference, subgroups, known };
}

/** Adds a list that is too long to look at its every user. */
function addLongList(scope: Scope, setting: WriterSetting, group: Ref, members: readonly Member[]): MemberOutcome {
  const memberIds = members.map((member) => member.value);
  const { joins, known, subgroups } = compare(scope, setting, members, { group, memberIds, verb: "add" });
  const users = [...joins.map((id) => refOf(setting.key, id)), ...known];
  const joined = setMembers(scope, setting, group, users, true);
  return { changed: addSubgroups(scope, group, subgroups) || joined > 0, removed: 0 };
}

/** Removes the members and subgroups that a list too long to look at its every user names. */
function removeLongList(scope: Scope, setting: WriterSetting, group: Ref, values: readonly string[]): MemberOutcome {
  const { leaves } = requireDifference(scope, { group, memberIds: [...values], verb: "remove" });
  const users = leaves.map((id) => refOf(setting.key, id));
  const removed = setMembers(scope, setting, group, users, false);
  const subgroups = removeSubgroups(
    scope,
    group,
    values.map((id) => refOf(setting.key, id)),
  );
  return { changed: subgroups || removed > 0, removed };
}

/** Makes exactly these the members, writing only the difference. */
function replaceMembers(scope: Scope, setting: WriterSetting, group: Ref, members: readonly Member[]): MemberOutcome {
  const { workingSet } = scope;
  const memberIds = members.map((member) => member.value);
  const difference = compare(scope, setting, members, { group, memberIds, verb: "replace" });
  const joins = new Set([...difference.joins.map((id) => refOf(setting.key, id)), ...difference.known]);
  const leaves = new Set(difference.leaves.map((id) => refOf(setting.key, id)));
  // Operations before this one in the same commit may have changed memberships that D1 does not show yet.
  const earlier = workingSet.memberships.changes().flatMap(({ key, after }) => {
    const [of, user] = splitPair(key);
    return of === group ? [{ user, after }] : [];
  });
  const listed = new Set(earlier.length === 0 ? [] : memberIds.map((id) => refOf(setting.key, id)));
  for (const { user, after } of earlier) {
    if (after && !listed.has(user)) leaves.add(user);
    if (!after && listed.has(user)) joins.add(user);
  }
  // What is missing of both is asked for at once; what is left to slices is not asked for.
  const needed = [leaves, joins].filter(({ size }) => !(scope.defersMembers && size > SLICE));
  workingSet.users.require(needed.flatMap((users) => [...users]));
  const removed = setMembers(scope, setting, group, [...leaves], false);
  const joined = setMembers(scope, setting, group, [...joins], true);
  const nested = replaceSubgroups(scope, group, difference.subgroups);
  return { changed: removed + joined > 0 || nested, removed };
}

/** The users and groups that members name; 400 with nothing written when one of them is neither. */
function resolve(
  { workingSet }: Scope,
  setting: WriterSetting,
  members: readonly Member[],
): { users: Ref[]; subgroups: Ref[] } {
  const refs = members.map((member) => ({ ref: refOf(setting.key, member.value), member }));
  const asUsers = refs.filter(({ member }) => member.type !== "Group").map(({ ref }) => ref);
  workingSet.users.require(asUsers);
  const users = asUsers.filter((ref) => workingSet.users.get(ref) !== undefined);
  const found = new Set(users);
  const others = refs.filter(({ ref }) => !found.has(ref));
  workingSet.groups.require(others.map(({ ref }) => ref));
  const unknown = others.filter(({ ref }) => workingSet.groups.get(ref) === undefined);
  if (unknown.length > 0) throw unknownMembers(unknown.map(({ member }) => member.value));
  return { users, subgroups: others.map(({ ref }) => ref) };
}

function unknownMembers(ids: readonly string[]): ScimError {
  const shown = ids.slice(0, 5).map((id) => (id.length > 64 ? `${id.slice(0, 64)}…` : id));
  const more = ids.length > shown.length ? ` and ${ids.length - shown.length} more` : "";
  return new ScimError(
    400,
    "invalidValue",
    `No user or group of this SCIM setting has the id ${shown.join(", ")}${more}. Nothing was changed. Provision the users before adding them to a group.`,
  );
}

/** Sets memberships and regroups those who changed; gives their number. All users of a list too long to load are taken to change. */
export function setMembers(
  scope: Scope,
  setting: WriterSetting,
  group: Ref,
  users: readonly Ref[],
  member: boolean,
): number {
  const { workingSet } = scope;
  if (scope.defersMembers && users.length > SLICE) {
    workingSet.defer({ group, settingId: setting.id, users, member, cause: scope.cause });
    return users.length;
  }
  workingSet.users.require(users);
  const gone = member ? users.filter((ref) => workingSet.users.get(ref) === undefined) : [];
  if (gone.length > 0) throw unknownMembers(gone.map((ref) => ref.slice(ref.indexOf("/") + 1)));
  workingSet.memberships.require(users.map((user) => pairOf(group, user)));
  const changed = users.filter((user) => (workingSet.memberships.get(pairOf(group, user)) ?? false) !== member);
  for (const user of changed) workingSet.setMembership(group, user, member);
  regroupMembers(scope, setting, group, changed, member);
  return changed.length;
}

/** Plans the target groups of users anew after their membership of one group changed. */
export function regroupMembers(
  scope: Scope,
  setting: WriterSetting,
  group: Ref,
  users: readonly Ref[],
  member: boolean,
): void {
  const row = scope.workingSet.groups.get(group);
  const mirror = row === undefined ? null : mirrorOf(row);
  if (mirror === null) return;
  scope.workingSet.users.require(users);
  for (const ref of users) {
    const user = scope.workingSet.users.get(ref);
    if (user?.active) regroup(scope, ref, user, setting, mirrorsFromReasons(scope, ref, setting, { mirror, member }));
  }
}

function addSubgroups(scope: Scope, group: Ref, added: readonly Ref[]): boolean {
  if (added.length === 0) return false;
  const present = scope.workingSet.subgroups.get(group) ?? [];
  return replaceSubgroups(scope, group, [...present, ...added]);
}

function removeSubgroups(scope: Scope, group: Ref, removed: readonly Ref[]): boolean {
  if (removed.length === 0) return false;
  const present = scope.workingSet.subgroups.get(group) ?? [];
  return replaceSubgroups(
    scope,
    group,
    present.filter((ref) => !removed.includes(ref)),
  );
}

function replaceSubgroups({ workingSet }: Scope, group: Ref, wanted: readonly Ref[]): boolean {
  const present = workingSet.subgroups.get(group) ?? [];
  const after = [...new Set(wanted)];
  if (after.includes(group))
    throw new ScimError(400, "invalidValue", "A group cannot be a member of itself. Nothing was changed.");
  if (after.length === present.length && after.every((ref) => present.includes(ref))) return false;
  workingSet.subgroups.set(group, after);
  return true;
}
