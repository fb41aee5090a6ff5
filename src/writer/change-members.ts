import type { Member } from "../scim/schema/read-members.ts";
import { ScimError } from "../scim/scim-error.ts";
import type { WriterSetting } from "../unit/company-config.ts";
import { CHANGED_AT_ONCE, isCompared, type MemberChange, NO_DIFFERENCE } from "../unit/member-change.ts";
import { pairOf, type Ref, refOf, splitPair } from "../unit/resource-references.ts";
import { unknownMembers } from "./assert-long-list-of-ids.ts";
import type { IsNew } from "./brake-leaving-groups.ts";
import { mirrorOf } from "./mirror-idp-groups.ts";
import type { OperationContext } from "./operation-context.ts";
import { mirrorsFromReasons, regroup } from "./regroup-user.ts";
import { rewriteMembers } from "./rewrite-large-membership.ts";

/** Changes a group's members. Of many changes all but the memberships themselves follows in steps. */
export function changeMembers(
  context: OperationContext,
  setting: WriterSetting,
  group: Ref,
  change: MemberChange | null,
): MemberOutcome {
  if (change === null) return { changed: false, removed: false, isFollowed: false };
  // Nobody is a member of a group that is being made.
  if (change.group === null)
    for (const { value } of change.added)
      context.unit.memberships.load(pairOf(group, refOf(setting.key, value)), undefined);
  return isCompared(change)
    ? applyCompared(context, setting, group, change)
    : applyNamed(context, setting, group, change);
}

/** What a change of members came to. */
interface MemberOutcome {
  changed: boolean;
  /** Whether it took anybody out. */
  removed: boolean;
  /** Whether the target groups of its members are left to steps. */
  isFollowed: boolean;
}

/** Looks up each of the users and groups that a change names. */
function applyNamed(
  context: OperationContext,
  setting: WriterSetting,
  group: Ref,
  change: MemberChange,
): MemberOutcome {
  const gone = change.removed.map((id) => refOf(setting.key, id));
  context.unit.users.require(gone);
  const users = gone.filter((ref) => context.unit.users.get(ref) !== undefined);
  const removed = setMembers(context, setting, group, users, false);
  const found = new Set(users);
  const left = removeSubgroups(
    context,
    group,
    gone.filter((ref) => !found.has(ref)),
  );
  const named = resolve(context, setting, change.added);
  const joined = setMembers(context, setting, group, named.users, true);
  const nested = addSubgroups(context, group, named.subgroups);
  return { changed: removed + joined > 0 || left || nested, removed: removed > 0 || left, isFollowed: false };
}

/** Makes the difference that a change is from what D1 holds: what is listed and there already is not looked at. */
function applyCompared(
  context: OperationContext,
  setting: WriterSetting,
  group: Ref,
  change: MemberChange,
): MemberOutcome {
  const { unit } = context;
  const comparison = unit.comparisons.get(change) ?? NO_DIFFERENCE;
  const { joins, leaves } = comparison;
  const unknown = new Set(comparison.unknown);
  const isOpen = ({ type, value }: Member) => change.keys !== null || type === "Group" || unknown.has(value);
  const { users: known, subgroups } = resolve(context, setting, change.added.filter(isOpen));
  const nest = () => changeSubgroups(context, group, change, subgroups);
  if (joins.count + leaves.count > CHANGED_AT_ONCE) {
    rewriteMembers(context, setting, group, change, comparison);
    nest();
    return { changed: true, removed: leaves.count > 0, isFollowed: true };
  }
  const joining = new Set([...joins.ids.map((id) => refOf(setting.key, id)), ...known]);
  const leaving = new Set(leaves.ids.map((id) => refOf(setting.key, id)));
  addEarlierChanges(context, group, change, { joining, leaving });
  unit.users.require([...leaving, ...joining]);
  const removed = setMembers(context, setting, group, [...leaving], false);
  const joined = setMembers(context, setting, group, [...joining], true);
  const nested = nest();
  return { changed: nested || removed + joined > 0, removed: nested || removed > 0, isFollowed: false };
}

/** Operations before this one in the same commit may have changed memberships that D1 does not show yet. */
function addEarlierChanges(
  { unit }: OperationContext,
  group: Ref,
  { settingKey, replaces, added, removed }: MemberChange,
  { joining, leaving }: { joining: Set<Ref>; leaving: Set<Ref> },
): void {
  const earlier = unit.memberships.differences().flatMap(({ key, after }) => {
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
  { unit, notes }: OperationContext,
  setting: WriterSetting,
  members: readonly Member[],
): { users: Ref[]; subgroups: Ref[] } {
  const refs = members.map((member) => ({ ref: refOf(setting.key, member.value), member }));
  const all = refs.map(({ ref }) => ref);
  unit.users.require(all);
  const users = all.filter((ref) => unit.users.get(ref) !== undefined);
  const found = new Set(users);
  const others = refs.filter(({ ref }) => !found.has(ref));
  unit.groups.require(others.map(({ ref }) => ref));
  const unknown = others.filter(({ ref }) => unit.groups.get(ref) === undefined);
  if (unknown.length > 0) throw unknownMembers(unknown.map(({ member }) => member.value));
  // Whose the id is says what a member is; the type that was sent changes nothing.
  const isOther = ({ ref, member }: (typeof refs)[number]) => member.type === (found.has(ref) ? "Group" : "User");
  if (refs.some(isOther)) notes.add("value_left_out", "members.type");
  return { users, subgroups: others.map(({ ref }) => ref) };
}

/** Sets memberships and regroups those who changed; gives their number. */
function setMembers(
  context: OperationContext,
  setting: WriterSetting,
  group: Ref,
  users: readonly Ref[],
  member: boolean,
): number {
  const { unit } = context;
  unit.users.require(users);
  const gone = member ? users.filter((ref) => unit.users.get(ref) === undefined) : [];
  if (gone.length > 0) throw unknownMembers(gone.map((ref) => ref.slice(ref.indexOf("/") + 1)));
  unit.memberships.require(users.map((user) => pairOf(group, user)));
  const changed = users.filter((user) => (unit.memberships.get(pairOf(group, user)) ?? false) !== member);
  for (const user of changed) unit.setMembership(group, user, member);
  regroupMembers(context, setting, group, changed, member);
  return changed.length;
}

/** Plans the target groups of users anew after their membership of one group, or its mirror, changed. */
export function regroupMembers(
  context: OperationContext,
  setting: WriterSetting,
  group: Ref,
  users: readonly Ref[],
  member: boolean,
): void {
  const row = context.unit.groups.get(group);
  const mirror = row === undefined ? null : mirrorOf(row);
  if (mirror === null) return;
  const isNew: IsNew = ({ kind, sourceKey }) => kind === "idp" && sourceKey === mirror.groupKey;
  context.unit.users.require(users);
  for (const ref of users) {
    const user = context.unit.users.get(ref);
    if (user?.active)
      regroup(context, ref, user, setting, mirrorsFromReasons(context, ref, setting, { mirror, member }), isNew);
  }
}

/** Nests groups as a change says; says whether anything changed. */
function changeSubgroups(
  context: OperationContext,
  group: Ref,
  change: MemberChange,
  subgroups: readonly Ref[],
): boolean {
  if (change.replaces) return replaceSubgroups(context, group, subgroups);
  const removed = change.removed.map((id) => refOf(change.settingKey, id));
  const left = removeSubgroups(context, group, removed);
  return addSubgroups(context, group, subgroups) || left;
}

function addSubgroups(context: OperationContext, group: Ref, added: readonly Ref[]): boolean {
  if (added.length === 0) return false;
  const present = context.unit.subgroups.get(group) ?? [];
  return replaceSubgroups(context, group, [...present, ...added]);
}

function removeSubgroups(context: OperationContext, group: Ref, removed: readonly Ref[]): boolean {
  if (removed.length === 0) return false;
  const present = context.unit.subgroups.get(group) ?? [];
  return replaceSubgroups(
    context,
    group,
    present.filter((ref) => !removed.includes(ref)),
  );
}

function replaceSubgroups({ unit }: OperationContext, group: Ref, proposed: readonly Ref[]): boolean {
  const present = unit.subgroups.get(group) ?? [];
  const after = [...new Set(proposed)];
  if (after.includes(group))
    throw new ScimError("self_member", "A group cannot be a member of itself. Nothing was changed.");
  if (after.length === present.length && after.every((ref) => present.includes(ref))) return false;
  unit.subgroups.set(group, after);
  return true;
}
