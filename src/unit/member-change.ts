import type { Member } from "../scim/schema/read-members.ts";
import type { Ref } from "./resource-references.ts";

/** Memberships that the commit of an operation changes with all that follows; of more the rest follows in steps. */
export const CHANGED_AT_ONCE = 1_000;

/** What an operation changes of a group's members. The object itself names its comparison with D1 in a unit of work. */
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
interface MemberKeys {
  added: readonly number[];
  removed: readonly number[];
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

/** Whether a change says of somebody that it is to leave. */
export function takesOut({ replaces, removed, keys }: MemberChange): boolean {
  return !replaces && removed.length + (keys?.removed.length ?? 0) > 0;
}

/** Whether a change is compared with D1 as a whole: one of few names is looked up by each of them. */
export function isCompared(change: MemberChange): boolean {
  return change.replaces || change.keys !== null || countNamed(change) > CHANGED_AT_ONCE;
}

/** What a change of a group's members comes to against what D1 holds. */
export interface Comparison {
  /** Users named that are not members yet. */
  joins: ComparedUsers;
  /** Members who go. */
  leaves: ComparedUsers;
  /** Ids to be added that no user of the setting has. */
  unknown: string[];
}

/** Users of one side of a comparison. */
export interface ComparedUsers {
  count: number;
  /** How many of those who leave are in no target group but by this one, where they are more than change at once. */
  nowhereElse: number;
  /** Their ids, when they are no more than change at once. */
  ids: string[];
  /** Their keys, when they are no more than a comparison gives. */
  keys: number[];
}

/** A comparison that finds nothing. */
export const NO_DIFFERENCE: Comparison = {
  joins: { count: 0, nowhereElse: 0, ids: [], keys: [] },
  leaves: { count: 0, nowhereElse: 0, ids: [], keys: [] },
  unknown: [],
};
