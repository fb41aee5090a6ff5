import type { NewChange } from "../changes/change.ts";
import type { User } from "../directory/user.ts";
import { personKeyOf } from "../directory/user.ts";
import { ScimError } from "../scim/errors.ts";
import type { Note } from "../scim/note.ts";
import type { WriterSetting } from "./company-config.ts";
import type { Cause } from "./operation.ts";
import type { Ref, WorkingSet } from "./working-set.ts";

/** A group whose members leave one target group for another. */
export interface MirrorMove {
  groupKey: number;
  from: number;
  to: number;
}

/** A user that was another person before. */
export interface PersonMove {
  ref: Ref;
  from: string;
}

/** What one operation works with: the working set, its cause, and the persons whose enrolments it may have touched. */
export class Scope {
  readonly workingSet: WorkingSet;
  readonly cause: Cause;
  /** What the provisioning log is to say of the request besides its outcome. */
  readonly notes: Note[] = [];
  /** How many members the whole request took from each group. */
  readonly removedMembers: Map<Ref, number>;
  /** Long lists of members may be left to slices of the commit: nothing after them in it looks at their memberships. */
  defersMembers = false;
  /** Members that all parts of a request together may still concern in this commit; null when nobody counts. */
  room: { members: number } | null;
  /** Target groups that lost something that may have held them: what becomes of them is decided when the operation ends. */
  readonly loosened = new Set<number>();
  /** The groups whose members moved to another target group because of a new name. */
  readonly mirrorMoves: MirrorMove[] = [];
  readonly #persons = new Set<string>();
  readonly #moves: PersonMove[] = [];
  readonly #last: NewChange[] = [];

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

  /** Keeps a change for the end of the operation, when the enrolments that depend on it have been told of. */
  announceLast(change: NewChange): void {
    this.#last.push(change);
  }

  /** Puts what was kept for the end into the feed. */
  conclude(): void {
    for (const change of this.#last.splice(0)) this.announce(change);
  }

  /** Marks the person behind a user, before or after its change: its enrolments are planned when the operation ends. */
  touchPerson(user: User): void {
    if (this.workingSet.isEnrolling) this.#persons.add(personKeyOf(user));
  }

  /** Marks a target group that lost a member, a source or its auto-enrolments. */
  loosen(targetGroupKey: number): void {
    this.loosened.add(targetGroupKey);
  }

  /** Notes that a user may be another person than before: what it holds is looked at when the operation ends. */
  noteMove(ref: Ref, before: User, after: User): void {
    const from = personKeyOf(before);
    if (this.workingSet.isEnrolling && from !== personKeyOf(after)) this.#moves.push({ ref, from });
  }

  /** The users that became another person. */
  get moves(): readonly PersonMove[] {
    return this.#moves;
  }

  /** The persons touched. */
  get persons(): readonly string[] {
    return [...this.#persons];
  }
}

/** A part of a request concerns more members than its commit has room for: it is for the next commit. */
export class NoRoom extends Error {}
