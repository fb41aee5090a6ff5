import { memberOperationsOf } from "../scim/patch/patch.ts";
import type { MemberOperation } from "../scim/patch/patch-members.ts";
import type { Cause, GroupOperation, Weight } from "./operation.ts";
import type { Scope } from "./scope.ts";
import type { Ref } from "./working-set.ts";

/** Members that a commit plans at a time: more of them in one working set would need more memory than an isolate has. */
export const SLICE = 4_000;
/** Member lists whose changes one load reads along: each takes some of the 100 parameters that D1 allows a statement. */
export const LISTS_AT_ONCE = 8;

/** The users and groups that a whole-list change of a group's members concerns. */
export interface MemberDifference {
  /** Users listed that are not members yet. */
  joins: string[];
  /** Members not listed. */
  leaves: string[];
  /** Listed ids that no user of the setting has. */
  unknown: string[];
}

/** A list of a group's members, to be compared with what D1 holds. */
export interface Comparison {
  group: Ref;
  memberIds: readonly string[];
  /** What is done with the list: members it does not name leave with `replace` only. */
  verb: MemberOperation["kind"];
}

/** A comparison as the key of its result in a working set: same group, same list and same verb, same key. */
export function comparisonKey({ group, verb, memberIds }: Comparison): string {
  return JSON.stringify({ group, verb, memberIds });
}

/** The comparison that a key stands for. */
export function readComparison(key: string): Comparison {
  // Made by comparisonKey.
  return JSON.parse(key) as Comparison;
}

/** Memberships that an operation leaves to slices of its commit, since they are too many for one working set. */
export interface DeferredMembers {
  group: Ref;
  settingId: string;
  users: readonly Ref[];
  member: boolean;
  cause: Cause;
  /** What the operation does once all slices are planned. */
  finish?: (scope: Scope) => void;
}

/** A member list of this length gets a commit of its own. */
const LONG_LIST = 500;

/** What an operation on a group takes of a commit: the members it names, and whether they are compared with D1's. */
export function weighGroup(operation: GroupOperation): Weight {
  switch (operation.kind) {
    case "deleteGroup":
      return "alone";
    case "createGroup":
      return weighList(operation.members?.length ?? 0, false);
    case "replaceGroup":
      return weighList(operation.members?.length ?? 0, operation.members !== undefined);
    case "patchGroup": {
      const operations = memberOperationsOf(operation.request);
      const named = operations.map((one) => (one.kind === "remove" ? one.values.length : one.members.length));
      return weighList(
        named.reduce((sum, count) => sum + count, 0),
        operations.some(({ kind }) => kind === "replace"),
      );
    }
  }
}

function weighList(members: number, isWhole: boolean): Weight {
  return members >= LONG_LIST ? "alone" : { members, lists: isWhole ? 1 : 0 };
}
