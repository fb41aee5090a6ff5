import type { MemberOperation } from "../scim/patch/member-operations.ts";
import { type Missing, MissingDifference, MissingSeveral } from "./tracked.ts";
import type { Ref } from "./working-set.ts";

/** A list of a group's members, to be compared with what D1 holds. */
export interface WantedDifference {
  group: Ref;
  memberIds: string[];
  /** What is done with the list: members it does not name leave with `replace` only. */
  verb: MemberOperation["kind"];
}

/** Tables of the working set that are read along with another. */
const LOADED_WITH: Record<string, keyof Needs> = { reasons: "users", enrolments: "persons" };

/** The rows a commit group has to read before it can run, each kind as a set of keys as the working set names them. */
export class Needs {
  /** Users with their reasons and the other users of the same person. */
  readonly users = new Set<Ref>();
  readonly documents = new Set<Ref>();
  readonly groupsOf = new Set<Ref>();
  readonly userNames = new Set<string>();
  readonly persons = new Set<string>();
  readonly groups = new Set<Ref>();
  readonly groupNames = new Set<string>();
  readonly subgroups = new Set<Ref>();
  readonly memberships = new Set<string>();
  readonly differences = new Map<string, WantedDifference>();
  readonly targetGroups = new Set<number>();
  readonly targetGroupNames = new Set<string>();
  readonly targetGroupIds = new Set<string>();
  readonly mirrorsOf = new Set<number>();
  readonly reasonCounts = new Set<number>();
  /** Fields of whose values kept people may have some. */
  readonly keptValues = new Set<string>();
  /** Moves of a group's members to another target group, as `rename-losses.ts` names them. */
  readonly renameLosses = new Set<string>();
  /** Settings whose users may be deactivated. */
  readonly deactivations = new Set<number>();

  /** Adds what an operation was found to miss; the working set's tables and the sets here have the same names. */
  add(missing: Missing): void {
    if (missing instanceof MissingSeveral) {
      for (const part of missing.parts) this.add(part);
      return;
    }
    if (missing instanceof MissingDifference) {
      this.addDifference(missing);
      return;
    }
    const set: unknown = this[(LOADED_WITH[missing.table] ?? missing.table) as keyof Needs];
    if (!(set instanceof Set)) throw new Error(`nothing loads ${missing.table}`);
    for (const key of missing.keys) set.add(key);
  }

  /** Asks how a member list differs from what D1 holds. */
  addDifference({ group, memberIds, verb }: WantedDifference): void {
    const wanted = { group, memberIds, verb };
    this.differences.set(differenceKey(wanted), wanted);
  }

  /** Everything a change of a user reads: its row, document and groups. */
  addUser(user: Ref): void {
    this.users.add(user);
    this.documents.add(user);
    this.groupsOf.add(user);
  }
}

/** A key for a change of a list: same group, same list and same verb, same key. */
export function differenceKey({ group, memberIds, verb }: WantedDifference): string {
  return `${group} ${verb} ${JSON.stringify(memberIds)}`;
}
