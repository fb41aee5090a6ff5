import { memberOperationsOf } from "../scim/patch/patch.ts";
import type { Member } from "../scim/schema/read-members.ts";
import type { GroupOperation, Weight } from "./operation.ts";
import { type Ref, refOf } from "./references.ts";

/** Memberships that the commit of an operation changes with all that follows; of more the rest follows in steps. */
export const CHANGED_AT_ONCE = 1_000;

/** What an operation changes of a group's members. The object itself names its comparison with D1 in a working set. */
export interface MemberChange {
  settingKey: number;
  /** Null for a group that is being made: D1 has no members of it. */
  group: Ref | null;
  /** Whether members that it does not add leave. */
  replaces: boolean;
  added: readonly Member[];
  /** Ids. */
  removed: readonly string[];
  /** Of a very long change, the users that it names, by their keys; the lists above hold what is none. */
  keys: MemberKeys | null;
}

/** Keys of users that a change adds and removes. */
export interface MemberKeys {
  added: readonly number[];
  removed: readonly number[];
}

/** The changes of operations, so that each is the same object whenever it is asked for. */
const CHANGES = new WeakMap<GroupOperation, MemberChange>();

/** What an operation changes of a group's members, or null when it says nothing of them. */
export function memberChangeOf(operation: GroupOperation, settingKey: number): MemberChange | null {
  const known = CHANGES.get(operation);
  if (known !== undefined) return known;
  const lists = listsOf(operation);
  if (lists === null) return null;
  const group = operation.kind === "createGroup" ? null : refOf(settingKey, operation.id);
  const change = { settingKey, group, keys: null, ...lists };
  CHANGES.set(operation, change);
  return change;
}

/** Has an operation name its members by what is known of them already. */
export function keepMemberChange(operation: GroupOperation, change: MemberChange): void {
  CHANGES.set(operation, change);
}

/** The lists of members that an operation sends. */
export function listsOf(operation: GroupOperation): Pick<MemberChange, "replaces" | "added" | "removed"> | null {
  switch (operation.kind) {
    case "createGroup":
      return operation.members === undefined ? null : { replaces: false, added: operation.members, removed: [] };
    case "replaceGroup":
      return operation.members === undefined ? null : { replaces: true, added: operation.members, removed: [] };
    case "patchGroup": {
      const operations = memberOperationsOf(operation.request);
      if (operations.length === 0) return null;
      return {
        replaces: operations.some(({ kind }) => kind === "replace"),
        added: operations.flatMap((one) => (one.kind === "remove" ? [] : one.members)),
        removed: operations.flatMap((one) => (one.kind === "remove" ? one.values : [])),
      };
    }
    case "deleteGroup":
      return null;
  }
}

/** The change that takes all members from a group. */
export function nobodyIn(group: Ref): MemberChange {
  return {
    settingKey: Number(group.slice(0, group.indexOf("/"))),
    group,
    replaces: true,
    added: [],
    removed: [],
    keys: null,
  };
}

/** How many members a change names. */
export function countNamed({ added, removed, keys }: Pick<MemberChange, "added" | "removed" | "keys">): number {
  return added.length + removed.length + (keys?.added.length ?? 0) + (keys?.removed.length ?? 0);
}

/** Whether a change is compared with D1 as a whole: one of few names is looked up by each of them. */
export function isCompared(change: MemberChange): boolean {
  return change.replaces || change.keys !== null || countNamed(change) > CHANGED_AT_ONCE;
}

/** A member list of this length gets a commit of its own. */
const LONG_LIST = 500;

/** What an operation on a group takes of a commit: the members it names, and whether they are compared with D1's. */
export function weighGroup(operation: GroupOperation): Weight {
  if (operation.kind === "deleteGroup") return "alone";
  const lists = CHANGES.get(operation) ?? listsOf(operation);
  if (lists === null) return { members: 0, lists: 0 };
  const members = countNamed({ keys: null, ...lists });
  return members >= LONG_LIST ? "alone" : { members, lists: lists.replaces ? 1 : 0 };
}
