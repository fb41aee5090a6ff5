import type { Cause } from "./operation.ts";
import type { Scope } from "./scope.ts";
import type { Ref } from "./working-set.ts";

/** Members that a commit plans at a time: more of them in one working set would need more memory than an isolate has. */
export const SLICE = 4_000;

/** The users and groups that a whole-list change of a group's members concerns. */
export interface MemberDifference {
  /** Users listed that are not members yet. */
  joins: string[];
  /** Members not listed. */
  leaves: string[];
  /** Listed ids that no user of the setting has. */
  unknown: string[];
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
