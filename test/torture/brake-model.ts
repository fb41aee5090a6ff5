import { type BrakedPerson, copyOf, type Kind, type Place, type TargetSide } from "./braked-person.ts";

/** So many may be lost of a kind, whatever the percentage, before the brake trips. */
export const LIMIT = 2;

/** What is about to be lost: all of it, or one place. */
interface Loss {
  person: BrakedPerson;
  kind: Kind;
  place: string | null;
}

interface Applied {
  person: BrakedPerson;
  place: string | null;
  isUndone: boolean;
}

interface ModelHold {
  /** Losses that were carried out before it opened, and can be undone. */
  applied: Applied[];
  /** Whether anything of it was released or kept. */
  isDecided: boolean;
}

/** Losses that were carried out, by counter: who lost what. */
type Counters = Map<string, Map<BrakedPerson, string | null>>;

class Trip extends Error {
  readonly loss: Loss;
  constructor(loss: Loss) {
    super(loss.kind);
    this.loss = loss;
  }
}

/**
 * The target side of one setting with a brake, by what section 8 of the design says and nothing else: one request after the
 * other. The setting groups by its identity provider's groups or by department, and takes those who have none into `fallback`.
 */
export class BrakeModel {
  readonly people: BrakedPerson[] = [];
  readonly holds = new Map<Kind, ModelHold>();
  readonly #criteria: "idp" | "field";
  readonly #fallback: string;
  #counters: Counters = new Map();

  constructor(criteria: "idp" | "field", fallback: string) {
    this.#criteria = criteria;
    this.#fallback = fallback;
  }

  /** Lets one request be answered, after which people are at the identity provider as they are now. */
  follow(people: readonly BrakedPerson[]): void {
    const before = people.map(({ target }) => target);
    const counters = this.#counters;
    for (;;) {
      // What is tried is a copy: a request that trips is held whole.
      this.#counters = new Map([...counters].map(([name, lost]) => [name, new Map(lost)]));
      for (const [index, person] of people.entries()) person.target = copyOf(before[index] ?? person.target);
      try {
        for (const person of people) this.#followOne(person);
        break;
      } catch (error) {
        if (!(error instanceof Trip)) throw error;
        const { kind } = error.loss;
        const lost = counters.get(counterOf(error.loss)) ?? new Map<BrakedPerson, string | null>();
        const applied = [...lost].map(([person, place]) => ({ person, place, isUndone: false }));
        this.holds.set(kind, { applied, isDecided: false });
      }
    }
    this.#closeEmpty();
  }

  #followOne(person: BrakedPerson): void {
    const { target } = person;
    if (!target.isManaged || target.status === "gone") return;
    this.#hear(person);
    if (!person.isThere) this.#delete(person, target);
    else if (!person.active) this.#deactivate(person, target);
    else {
      target.status = "active";
      target.leaving = null;
      this.#counters.get("leavers")?.delete(person);
      this.#regroup(person, (loss) => this.#judge(loss));
    }
  }

  /** What is really new ends what was kept against what was said before. */
  #hear({ department, target }: BrakedPerson): void {
    if (this.#criteria === "field" && department !== target.department)
      for (const [name, place] of target.places) if (place === "kept") target.places.set(name, "by rules");
    target.department = department;
  }

  #delete(person: BrakedPerson, target: TargetSide): void {
    const { leaving } = target;
    if (leaving?.place === "kept") this.#leaveUnmanaged(target);
    else if (target.status === "active") {
      const place = this.#judge({ person, kind: "leavers", place: null });
      if (place === null) this.#end(target, "gone");
      else {
        target.leaving = { as: "deleted", place };
        for (const name of target.places.keys()) target.places.set(name, "by rules");
      }
    } else this.#end(target, "gone");
  }

  #deactivate(person: BrakedPerson, target: TargetSide): void {
    if (target.leaving !== null || target.status === "inactive") return;
    const place = this.#judge({ person, kind: "leavers", place: null });
    if (place === null) this.#end(target, "inactive");
    else target.leaving = { as: "inactive", place };
  }

  #end(target: TargetSide, status: "inactive" | "gone"): void {
    target.status = status;
    target.leaving = null;
    target.places.clear();
  }

  #leaveUnmanaged(target: TargetSide): void {
    target.leaving = null;
    target.isManaged = false;
    for (const name of target.places.keys()) target.places.set(name, "by rules");
  }

  /** Where the rules put somebody. */
  #wanted({ department, groups }: BrakedPerson): Set<string> {
    const given = this.#criteria === "idp" ? [...groups] : department === null ? [] : [department];
    return new Set(given.length === 0 ? [this.#fallback] : given);
  }

  #regroup(person: BrakedPerson, judge: (loss: Loss) => Place | null): void {
    const { places } = person.target;
    const wanted = this.#wanted(person);
    const movedFrom = this.#counters.get("moves")?.get(person) ?? null;
    const isMovingBack = movedFrom !== null && wanted.has(movedFrom) && !places.has(movedFrom);
    for (const name of wanted) {
      if (places.has(name)) places.set(name, "by rules");
      else this.#countBack(person, name);
    }
    for (const [name, place] of [...places]) {
      if (wanted.has(name) || name === this.#fallback || place !== "by rules") continue;
      const isMove = this.#criteria === "field" && person.department !== null;
      const kind = this.#criteria === "idp" ? "group" : isMove ? "moves" : "emptied";
      const waits = isMove && isMovingBack ? null : judge({ person, kind, place: name });
      if (waits === null) places.delete(name);
      else places.set(name, waits);
    }
    const isWaiting = [...places.values()].some((place) => place !== "by rules");
    // A move waits as a whole: what takes a place's place is not joined, be it another value or the fallback.
    for (const name of wanted)
      if (!isWaiting || (this.#criteria === "idp" && name !== this.#fallback))
        places.set(name, places.get(name) ?? "by rules");
    if (!wanted.has(this.#fallback) && !(isWaiting && this.#criteria === "field")) places.delete(this.#fallback);
  }

  /** Who joins what it lost is lost no more, and who has a value again is not one whose field was emptied. */
  #countBack(person: BrakedPerson, joined: string): void {
    for (const [name, lost] of this.#counters) {
      const place = lost.get(person);
      if (place === undefined || place === null) continue;
      if (place === joined || (name === "emptied" && joined !== this.#fallback)) lost.delete(person);
    }
  }

  /** Whether a loss waits, and in which hold; null for one that is carried out, and counted. */
  #judge(loss: Loss): Place | null {
    if (this.holds.has(loss.kind)) return { waitsIn: loss.kind };
    const name = counterOf(loss);
    const counter = this.#counters.get(name) ?? new Map<BrakedPerson, string | null>();
    this.#counters.set(name, counter);
    if (!counter.has(loss.person)) counter.set(loss.person, loss.place);
    if (counter.size > LIMIT) throw new Trip(loss);
    return null;
  }

  /** Those of whom something waits in the hold of a kind. */
  waiting(kind: Kind): BrakedPerson[] {
    const isIn = (place: Place) => typeof place === "object" && place.waitsIn === kind;
    return this.people.filter(({ target: { leaving, places } }) => {
      const isLeaving = leaving !== null && isIn(leaving.place);
      return isLeaving || [...places.values()].some(isIn);
    });
  }

  /** Lets an admin decide about some of those who wait in the hold of a kind. */
  decide(kind: Kind, decision: "release" | "keep", people: readonly BrakedPerson[]): void {
    const isIn = (place: Place) => typeof place === "object" && place.waitsIn === kind;
    const hold = this.holds.get(kind);
    for (const person of this.waiting(kind).filter((one) => people.includes(one))) {
      if (hold !== undefined) hold.isDecided = true;
      const { target } = person;
      const leaving = target.leaving !== null && isIn(target.leaving.place) ? target.leaving : null;
      if (decision === "keep") {
        for (const [name, place] of target.places) if (isIn(place)) target.places.set(name, "kept");
        if (leaving?.as === "deleted") this.#leaveUnmanaged(target);
        else if (leaving !== null) target.leaving = { ...leaving, place: "kept" };
      } else if (leaving !== null) this.#end(target, leaving.as === "deleted" ? "gone" : "inactive");
      else {
        for (const [name, place] of [...target.places]) if (isIn(place)) target.places.delete(name);
        if (target.leaving === null && target.isManaged) this.#regroup(person, () => null);
      }
    }
    this.#closeEmpty();
  }

  /** Whether anything that people lost before the hold of a kind opened can be undone. */
  canUndo(kind: Kind, people: readonly BrakedPerson[]): boolean {
    const applied = this.holds.get(kind)?.applied ?? [];
    return applied.some((loss) => people.includes(loss.person) && isUndoable(loss));
  }

  /** Lets an admin undo what some people lost before the hold of a kind opened: it stays as if it had been held and kept. */
  undo(kind: Kind, people: readonly BrakedPerson[]): void {
    const hold = this.holds.get(kind);
    for (const loss of hold?.applied ?? []) {
      const { person, place } = loss;
      const { target } = person;
      if (!people.includes(person) || !isUndoable(loss)) continue;
      loss.isUndone = true;
      if (place === null) {
        target.status = "active";
        this.#regroup(person, () => null);
        target.leaving = { as: "inactive", place: "kept" };
      } else {
        // What took its place would not have come.
        if (this.#criteria === "field") target.places.clear();
        else target.places.delete(this.#fallback);
        target.places.set(place, "kept");
      }
      for (const lost of this.#counters.values()) if (lost.get(person) === place) lost.delete(person);
    }
    this.#closeEmpty();
  }

  #closeEmpty(): void {
    for (const [kind, { isDecided }] of [...this.holds]) {
      if (this.waiting(kind).length > 0) continue;
      this.holds.delete(kind);
      // Once a hold is decided, its losses are forgotten.
      if (isDecided)
        for (const name of [...this.#counters.keys()]) if (name.startsWith(kind)) this.#counters.delete(name);
    }
  }
}

/** Whether what somebody lost is lost still, and it is where it can come back. */
function isUndoable({ person: { target }, place, isUndone }: Applied): boolean {
  if (isUndone || target.status === "gone" || !target.isManaged) return false;
  if (place === null) return target.status === "inactive";
  return target.status === "active" && target.leaving === null && !target.places.has(place);
}

function counterOf({ kind, place }: Loss): string {
  return kind === "group" ? `group ${place}` : kind;
}
