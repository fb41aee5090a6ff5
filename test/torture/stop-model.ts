/** How far somebody is, and until when: what an undo has to bring back. */
export interface Stand {
  status: "assigned" | "inProgress" | "failed";
  score: number | null;
  /** As it was reported (ms); null where it follows from the day on which the enrolment began. */
  dueAt: number | null;
}

/** What everybody begins with. */
const FRESH: Stand = { status: "assigned", score: null, dueAt: null };

/** One who is in a target group while active. */
export interface Trainee {
  id: string;
  userName: string;
  isThere: boolean;
  active: boolean;
  isCompleted: boolean;
  /** Null where nothing is open. */
  open: Stand | null;
  /** How far one was whom the last stop withdrew; null for whom it did not. */
  stood: Stand | null;
}

/**
 * A target group that enrols whoever is in it in one training, is made to stop, and has that undone: who is enrolled then, and
 * how far. Whoever has completed it stays so and does not begin again.
 */
export class StopModel {
  readonly people: Trainee[] = [];
  isEnrolling = true;
  canUndo = false;

  get members(): Trainee[] {
    return this.people.filter(({ isThere, active }) => isThere && active);
  }

  join(id: string, userName: string): void {
    const trainee: Trainee = {
      ...{ id, userName, isThere: true, active: true, isCompleted: false },
      ...{ open: null, stood: null },
    };
    this.people.push(trainee);
    this.#begin(trainee, FRESH);
  }

  report(trainee: Trainee, stand: Stand | "completed"): void {
    trainee.isCompleted = stand === "completed";
    trainee.open = stand === "completed" ? null : stand;
  }

  setActive(trainee: Trainee, active: boolean): void {
    trainee.active = active;
    if (active) this.#begin(trainee, FRESH);
    else trainee.open = null;
  }

  remove(trainee: Trainee): void {
    this.setActive(trainee, false);
    trainee.isThere = false;
  }

  stop(): void {
    for (const trainee of this.people) {
      trainee.stood = trainee.open;
      trainee.open = null;
    }
    this.isEnrolling = false;
    this.canUndo = true;
  }

  /** It is made to enrol again by hand: everybody begins, and there is nothing to undo any more. */
  beginAgain(): void {
    this.isEnrolling = true;
    this.canUndo = false;
    for (const trainee of this.members) this.#begin(trainee, FRESH);
  }

  /** Whoever is a member now goes on where the stop found them; those who joined since begin. */
  undo(): void {
    this.isEnrolling = true;
    this.canUndo = false;
    for (const trainee of this.members) this.#begin(trainee, trainee.stood ?? FRESH);
  }

  #begin(trainee: Trainee, stand: Stand): void {
    if (this.isEnrolling && !trainee.isCompleted) trainee.open ??= stand;
  }

  /** Everybody's lines: how far who is enrolled is, and who has completed. */
  lines(): string[] {
    return this.people.flatMap(({ id, isThere, isCompleted, open }) => [
      ...(open === null ? [] : [`${id} ${JSON.stringify([open.status, open.score, open.dueAt])}`]),
      ...(isCompleted && isThere ? [`${id} completed`] : []),
    ]);
  }
}
