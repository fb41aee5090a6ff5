import { BREATH, type Pause, pause } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { type Read, runRead, runTimed } from "../platform/read-batch.ts";

/** How long a statement should take the database (ms): others wait for one at most. */
const AIM = 20;
/** A read that takes no longer than ten such statements (ms) is over before its rests would help anybody: whoever waits comes in between two of them. */
const UNRESTED = 10 * AIM;
/** How many rows, and how much of their text, the first statement reads, and any. */
const FIRST = { rows: 200, bytes: 262_144 };
const MOST = { rows: 20_000, bytes: 16_777_216 };
const LEAST = { rows: 10, bytes: 16_384 };

/** What a statement of a long read may read. */
export interface Bounds {
  rows: number;
  bytes: number;
}

/** How the statements of a read are sent. */
export type Reads = Pick<SplitReads, "run" | "once">;

/**
 * The statements of one long read: each reads a bounded number of rows, which follows from how long the ones before it took,
 * and, but for the first of them, rests before the next one as long as it took, so that the database is never one company's.
 */
export class SplitReads {
  readonly #database: Database;
  readonly #pause: Pause;
  readonly #onSpent: (duration: number) => Promise<void>;
  #bounds: Bounds;
  #rest: number | null = null;
  #used = 0;

  /** `onSpent` hears of each statement how long it took (ms). */
  constructor(database: Database, onSpent: (duration: number) => Promise<void>, rest: Pause = pause) {
    this.#database = database;
    this.#onSpent = onSpent;
    this.#pause = rest;
    this.#bounds = FIRST;
  }

  /** Reads within bounds, in one D1 batch; the next one has other bounds if this one took too long, or less than it might. */
  async run<T>(read: (bounds: Bounds) => Read<T>): Promise<T> {
    const { value, duration } = await this.#runRested(read(this.#bounds));
    this.#adapt(duration);
    return value;
  }

  /** Reads what is few by itself, in one D1 batch. */
  async once<T>(read: Read<T>): Promise<T> {
    return (await this.#runRested(read)).value;
  }

  async #runRested<T>(read: Read<T>): Promise<{ value: T; duration: number }> {
    if (this.#rest !== null) await this.#pause(this.#used < UNRESTED ? BREATH : Math.max(BREATH, this.#rest));
    const timed = await runTimed(this.#database, read);
    this.#used += timed.duration;
    this.#rest = timed.duration;
    await this.#onSpent(timed.duration);
    return timed;
  }

  #adapt(duration: number): void {
    const factor = Math.min(2, AIM / Math.max(duration, 1));
    const scale = (name: keyof Bounds) =>
      Math.round(Math.min(MOST[name], Math.max(LEAST[name], this.#bounds[name] * factor)));
    this.#bounds = { rows: scale("rows"), bytes: scale("bytes") };
  }
}

/** Reads that no share is asked for: an index leads to the rows that are wanted, and no others are looked at. */
export function indexedReads(database: Database): Reads {
  return {
    run: (read) => runRead(database, read({ rows: 1, bytes: MOST.bytes })),
    once: (read) => runRead(database, read),
  };
}
