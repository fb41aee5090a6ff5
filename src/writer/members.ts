import { ScimError } from "../scim/errors.ts";
import type { Member } from "../scim/schema/read-members.ts";
import type { WriterSetting } from "./company-config.ts";
import { NO_DIFFERENCE } from "./compare-members.ts";
import { countRemovedMembers } from "./mass-change.ts";
import { CHANGED_AT_ONCE, isCompared, type MemberChange } from "./member-change.ts";
import { mirrorOf } from "./mirror.ts";
import { pairOf, type Ref, refOf, splitPair } from "./references.ts";
import { mirrorsFromReasons, regroup } from "./regroup.ts";
import { rewriteMembers } from "./rewrite-members.ts";
import type { Scope } from "./scope.ts";

/** Changes a group's members. Of many changes all but the memberships themselves follows in steps. */
export function changeMembers(
  scope: Scope,
  setting: WriterSetting,
  group: Ref,
  change: MemberChange | null,
): MemberOutcome {
  if (change === null) return { changed: false, removed: 0, isFollowed: false };
  const outcome = isCompared(change)
    ? applyCompared(scope, setting, group, change)
    : applyNamed(scope, setting, group, change);
  if (outcome.removed > 0) countRemovedMembers(scope, group, outcome.removed);
  return outcome;
}

/** What a change of members came to. */
interface MemberOutcome {
  changed: boolean;
  removed: number;
  /** Whether the target groups of its members are left to steps. */
  isFollowed: boolean;
}

/** Looks up each of the users and groups that a change names. */
function applyNamed(scope: Scope, setting: WriterSetting, group: Ref, change: MemberChange): MemberOutcome {
  const gone = change.removed.map((id) => refOf(setting.key, id));
  scope.workingSet.users.require(gone);
  const users = gone.filter((ref) => scope.workingSet.users.get(ref) !== undefined);
  const removed = setMembers(scope, setting, group, users, false);
  const found = new Set(users);
  const left = removeSubgroups(
    scope,
    group,
    gone.filter((ref) => !found.has(ref)),
  );
  const named = resolve(scope, setting, change.added);
  const joined = setMembers(scope, setting, group, named.users, true);
  const nested = addSubgroups(scope, group, named.subgroups);
  return { changed: removed + joined > 0 || left || nested, removed, isFollowed: false };
}

/** Makes the difference that a change is from what D1 holds: what is listed and there already is not looked at. */
function applyCompared(scope: Scope, setting: WriterSetting, group: Ref, change: MemberChange): MemberOutcome {
  const { workingSet } = scope;
  const comparison = workingSet.comparisons.get(change) ?? NO_DIFFERENCE;
  const { joins, leaves } = comparison;
  const unknown = new Set(comparison.unknown);
  const isOpen = ({ type, value }: Member) => change.keys !== null || type === "Group" || unknown.has(value);
  const { users: known, subgroups } = resolve(scope, setting, change.added.filter(isOpen));
  const nest = () => changeSubgroups(scope, group, change, subgroups);
  if (joins.count + leaves.count > CHANGED_AT_ONCE) {
    rewriteMembers(scope, group, change, comparison);
    nest();
    return { changed: true, removed: leaves.count, isFollowed: true };
  }
  const joining = new Set([...joins.ids.map((id) => refOf(setting.key, id)), ...known]);
  const leaving = new Set(leaves.ids.map((id) => refOf(setting.key, id)));
  addEarlierChanges(scope, group, change, { joining, leaving });
  workingSet.users.require([...leaving, ...joining]);
  const removed = setMembers(scope, setting, group, [...leaving], false);
  const joined = setMembers(scope, setting, group, [...joining], true);
  return { changed: nest() || removed + joined > 0, removed, isFollowed: false };
}

/** Operations before this one in the same commit may have changed memberships that D1 does not show yet. */
function addEarlierChanges(
  { workingSet }: Scope,
  group: Ref,
  { settingKey, replaces, added, removed }: MemberChange,
  { joining, leaving }: { joining: Set<Ref>; leaving: Set<Ref> },
): void {
  const earlier = workingSet.memberships.changes().flatMap(({ key, after }) => {
    const [of, user] = splitPair(key);
    return of === group ? [{ user, after }] : [];
  });
  if (earlier.length === 0) return;
  const listed = new Set(added.map(({ value }) => refOf(settingKey, value)));
  const named = new Set(removed.map((id) => refOf(settingKey, id)));
  for (const { user, after } of earlier) {
    if (after && (replaces ? !listed.has(user) : named.has(user))) leaving.add(user);
    if (!after && listed.has(user)) joining.add(user);
  }
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
    "no_such_member",
    `No user or group of this SCIM setting has the id ${shown.join(", ")}${more}. Nothing was changed. Provision the users before adding them to a group.`,
  );
}

/** Sets memberships and regroups those who changed; gives their number. */
function setMembers(scope: Scope, setting: WriterSetting, group: Ref, users: readonly Ref[], member: boolean): number {
  const { workingSet } = scope;
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

/** Nests groups as a change says; says whether anything changed. */
function changeSubgroups(scope: Scope, group: Ref, change: MemberChange, subgroups: readonly Ref[]): boolean {
  if (change.replaces) return replaceSubgroups(scope, group, subgroups);
  const removed = change.removed.map((id) => refOf(change.settingKey, id));
  const left = removeSubgroups(scope, group, removed);
  return addSubgroups(scope, group, subgroups) || left;
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
    throw new ScimError("self_member", "A group cannot be a member of itself. Nothing was changed.");
  if (after.length === present.length && after.every((ref) => present.includes(ref))) return false;
  workingSet.subgroups.set(group, after);
  return true;
}
