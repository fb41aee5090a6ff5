import type { Move } from "./plan-moves.ts";

/** The target groups that one user would join and leave, by key. */
export interface UserMoves {
  joins: number[];
  leaves: number[];
}

/** How many target groups a change would make for people who join them, and how many would lose their last member. */
export interface GroupCounts {
  new: number;
  emptied: number;
}

/** A target group as it stands. */
interface CountedGroup {
  key: number;
  memberCount: number;
}

/** Counts moves as they are planned, and remembers those of users that target groups with auto-enrolments are about. */
export class MoveTally {
  joins = 0;
  leaves = 0;
  /** What users would join and leave, by their keys; only of those who gain or lose a target group that enrols. */
  readonly enrolling = new Map<number, UserMoves>();
  readonly #changes = new Map<number, { joins: number; leaves: number }>();
  readonly #enrolling: ReadonlySet<number>;

  constructor(enrolling: Iterable<number>) {
    this.#enrolling = new Set(enrolling);
  }

  /** Whether moves are about a target group that enrols its members. */
  touches(moves: readonly Move[]): boolean {
    return moves.some(({ targetGroupKey }) => this.#enrolling.has(targetGroupKey));
  }

  /** Counts the moves of so many people. */
  count(moves: readonly Move[], people: number): void {
    for (const { targetGroupKey, action } of moves) {
      const change = this.#changes.get(targetGroupKey) ?? { joins: 0, leaves: 0 };
      this.#changes.set(targetGroupKey, change);
      const which = action === "join" ? "joins" : "leaves";
      change[which] += people;
      this[which] += people;
    }
  }

  /** Remembers what a user would join and leave. */
  remember(userKey: number, moves: readonly Move[]): void {
    if (!this.touches(moves)) return;
    const keysOf = (action: Move["action"]) =>
      moves.filter((move) => move.action === action).map(({ targetGroupKey }) => targetGroupKey);
    this.enrolling.set(userKey, { joins: keysOf("join"), leaves: keysOf("leave") });
  }

  /** The target groups that are not there yet (keys below zero), and those that lose their last member. */
  groups(present: readonly CountedGroup[]): GroupCounts {
    const isEmptied = ({ key, memberCount }: CountedGroup) => {
      const { joins = 0, leaves = 0 } = this.#changes.get(key) ?? {};
      return leaves > 0 && memberCount + joins - leaves <= 0;
    };
    return {
      new: [...this.#changes.keys()].filter((key) => key < 0).length,
      emptied: present.filter(isEmptied).length,
    };
  }
}
