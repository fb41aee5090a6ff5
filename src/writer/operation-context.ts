import type { NewChange } from "../changes/change.ts";
import { personKeyOf } from "../directory/person-key.ts";
import type { User } from "../directory/user.ts";
import { NoteList } from "../scim/limited-note-list.ts";
import { ScimError } from "../scim/scim-error.ts";
import type { Cause } from "../unit/change-cause.ts";
import type { WriterSetting } from "../unit/company-config.ts";
import type { MirrorMove } from "../unit/read-enrolments-withdrawn-by-rename.ts";
import type { Ref } from "../unit/resource-references.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import type { CarriedProgress } from "./follow-up.ts";

/** A user that was another person before. */
interface PersonChange {
  ref: Ref;
  from: string;
}

/** A user, where it lies now, and the holds in which something of it waited before the operation. */
interface Watched {
  ref: Ref;
  before: Set<number>;
}

/** What one operation works with: the unit of work, its cause, and the persons whose enrolments it may have touched. */
export class OperationContext {
  readonly unit: UnitOfWork;
  readonly cause: Cause;
  /** Warnings for the provisioning log. */
  readonly notes = new NoteList();
  /** Target groups from which something that may have kept them there was taken: what becomes of them is decided when the operation ends. */
  readonly toReview = new Set<number>();
  /** Users who come out of shadow. */
  readonly arrived = new Set<Ref>();
  /** The groups whose members moved to another target group because of a new name. */
  readonly mirrorMoves: MirrorMove[] = [];
  /** How a hold counts those of its effects that wait no more: as dissolved, unless a decision is being carried out. */
  heldEndAs: "released" | "kept" | "dissolved" = "dissolved";
  /** The follow-up (its key) whose last step this is. */
  endingFollowUp: number | null = null;
  /** The item that an undo has people enrolled in again, and how far they were, by the keys of the persons. */
  restoredItem: { itemKey: string; progress: ReadonlyMap<string, CarriedProgress> } | null = null;
  readonly #holds = new Set<number>();
  readonly #watched = new Map<string, Watched>();
  readonly #persons = new Set<string>();
  /** How much the operations before it in the same commit changed. */
  readonly #before: number;
  readonly #personChanges: PersonChange[] = [];
  readonly #last: NewChange[] = [];

  constructor(unit: UnitOfWork, cause: Cause) {
    this.unit = unit;
    this.#before = unit.journal.savepoint();
    this.cause = cause;
  }

  /** Takes back all that the operation did; it can be run again. */
  restart(): void {
    this.unit.journal.rollback(this.#before);
    for (const gathered of [this.notes, this.toReview, this.arrived, this.#holds, this.#watched, this.#persons])
      gathered.clear();
    for (const gathered of [this.mirrorMoves, this.#personChanges, this.#last]) gathered.length = 0;
  }

  /** Watches what of a user waits in holds: `holdsNow` are the holds before the operation changes anything of the user. */
  watch(ref: Ref, id: string, holdsNow: () => Set<number>): void {
    const known = this.#watched.get(id);
    this.#watched.set(id, { ref, before: known?.before ?? holdsNow() });
  }

  /** The users whose marks may have changed. */
  get watched(): Watched[] {
    return [...this.#watched.values()];
  }

  /** Whether something of a user that is watched waited before the operation. */
  hasWaited(id: string): boolean {
    return (this.#watched.get(id)?.before.size ?? 0) > 0;
  }

  /** Says that the operation changed a hold. */
  touchHold(key: number): void {
    this.#holds.add(key);
  }

  /** The holds that the operation changed. */
  get touchedHolds(): readonly number[] {
    return [...this.#holds];
  }

  /** Reserves what is left of the commit for this operation; throws CommitShared when others before it have a part in it. */
  reserveCommit(): void {
    const { unit } = this;
    if (this.#before > 0) throw new CommitShared();
    if (unit.isReserved) return;
    unit.isReserved = true;
    unit.journal.onRollback(() => {
      unit.isReserved = false;
    });
  }

  /** The setting an operation names; deleted ones count as absent. */
  requireSetting(settingId: string): WriterSetting {
    const setting = this.unit.config.settings.get(settingId);
    if (setting === undefined || setting.status === "deleted")
      throw new ScimError("no_such_setting", `SCIM setting ${settingId} does not exist.`);
    return setting;
  }

  /** Puts a change into the feed, with this operation as its cause and the rule that asked for it. */
  announce(change: NewChange, rule: string | null = null): void {
    this.unit.announce({ ...change, cause: this.cause, rule, time: this.unit.now });
  }

  /** Keeps a change for the end of the operation, when the enrolments that depend on it have been told of. */
  announceLast(change: NewChange): void {
    this.#last.push(change);
  }

  /** Puts what was kept for the end into the feed. */
  announceRest(): void {
    for (const change of this.#last.splice(0)) this.announce(change);
  }

  /** Notes the person behind a user, before or after its change: its enrolments are planned when the operation ends. */
  touchPerson(user: User): void {
    this.touchPersonKey(personKeyOf(user));
  }

  /** The same for a person by its key. */
  touchPersonKey(personKey: string): void {
    if (this.unit.isEnrolling) this.#persons.add(personKey);
  }

  /** Has a target group reviewed when the operation ends: a member, a source or its auto-enrolments were taken from it. */
  reviewAtEnd(targetGroupKey: number): void {
    this.toReview.add(targetGroupKey);
  }

  /** Records that a user may be another person than before: what it holds is looked at when the operation ends. */
  recordPersonChange(ref: Ref, before: User, after: User): void {
    const from = personKeyOf(before);
    if (this.unit.isEnrolling && from !== personKeyOf(after)) this.#personChanges.push({ ref, from });
  }

  /** The users that became another person. */
  get personChanges(): readonly PersonChange[] {
    return this.#personChanges;
  }

  /** The persons touched. */
  get persons(): readonly string[] {
    return [...this.#persons];
  }
}

/** An operation turned out to want a commit of its own, and this one is shared: it is for the next. */
export class CommitShared extends Error {}
