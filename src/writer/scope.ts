import type { NewChange } from "../changes/change.ts";
import type { User } from "../directory/user.ts";
import { personKeyOf } from "../directory/user.ts";
import { ScimError } from "../scim/errors.ts";
import type { WriterSetting } from "./company-config.ts";
import type { Cause } from "./operation.ts";
import type { Ref, WorkingSet } from "./working-set.ts";

/** What one operation works with: the working set, its cause, and the persons whose enrolments it may have touched. */
export class Scope {
  readonly workingSet: WorkingSet;
  readonly cause: Cause;
  /** Warnings for the provisioning log. */
  readonly notes: string[] = [];
  /** How many members the whole request took from each group. */
  readonly removedMembers: Map<Ref, number>;
  /** Long lists of members may be left to slices of the commit: nothing after them in it looks at their memberships. */
  defersMembers = false;
  /** Members that all parts of a request together may still concern in this commit; null when nobody counts. */
  room: { members: number } | null;
  readonly #persons = new Set<string>();

  /** `whole` is the request that this operation is a part of. */
  constructor(workingSet: WorkingSet, cause: Cause, whole?: Scope) {
    this.workingSet = workingSet;
    this.cause = cause;
    this.removedMembers = whole?.removedMembers ?? new Map();
    this.room = whole?.room ?? null;
  }

  /** Counts members that an operation may concern, before any of them is read; throws NoRoom when they are too many. */
  takeRoom(members: number): void {
    if (this.room === null) return;
    if (members > this.room.members) throw new NoRoom();
    this.room.members -= members;
  }

  /** The setting an operation names; deleted ones count as absent. */
  requireSetting(settingId: string): WriterSetting {
    const setting = this.workingSet.config.settings.get(settingId);
    if (setting === undefined || setting.status === "deleted")
      throw new ScimError("no_such_setting", `SCIM setting ${settingId} does not exist.`);
    return setting;
  }

  /** Puts a change into the feed, with this operation as its cause and the rule that asked for it. */
  announce(change: NewChange, rule: string | null = null): void {
    this.workingSet.announce({ ...change, cause: this.cause, rule, time: this.workingSet.now });
  }

  /** Marks the person behind a user, before or after its change: its enrolments are planned when the operation ends. */
  touchPerson(user: User): void {
    if (this.workingSet.isEnrolling) this.#persons.add(personKeyOf(user));
  }

  /** The persons touched. */
  get persons(): readonly string[] {
    return [...this.#persons];
  }
}

/** A part of a request concerns more members than its commit has room for: it is for the next commit. */
export class NoRoom extends Error {}
