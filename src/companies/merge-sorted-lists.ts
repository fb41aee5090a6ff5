import { BYTES_AT_ONCE, isCut, withinBytes } from "../platform/byte-budget.ts";
import type { Read } from "../platform/read-batch.ts";
import type { Sql } from "../platform/sql.ts";
import { readOnEach } from "./read-on-each.ts";
import type { Bounds, Reads } from "./split-long-reads.ts";

/** One of several lists that are read as one: the rows of a setting, or those about somebody. */
interface Lane<Row, Place> {
  /** Selects, of the next rows after a place that the bounds allow to look at, the first that are shown, each with its `size` in bytes. */
  select(after: Place | null, bounds: Bounds): Sql;
  /** Selects, as one row, the place of the last of the rows that are looked at; nothing where no more follow. */
  end(after: Place | null, bounds: Bounds): Sql;
  toRow(selected: unknown): Row;
}

/** What all lanes have in common. */
interface Common<Row, Place> {
  compare(left: Row, right: Row): number;
  placeOf(row: Row): Place;
  toPlace(selected: unknown): Place | null;
  /** Rows of one statement. */
  take: number;
  /** Whether rows are left out that have to be looked at: without, the last row that is shown is the last of all that were. */
  isSearch: boolean;
  lightness: number;
}

/** How far a lane has been read, and its rows that were not given yet. */
interface Progress<Row, Place> {
  lane: Lane<Row, Place>;
  after: Place | null;
  waiting: Row[];
  isDone: boolean;
}

/** What the rows of a lane may come to at least that are read at once (bytes): of twenty it is a tenth of what an isolate has. */
const LEAST_BYTES = 500_000;

/**
 * Several lists as one, in one order, from beginning to end: each is read on only when none of its rows is left, so that the
 * statements are as few as all their rows together need, however many lists there are. Memory holds one stretch of each.
 */
export class SortedLists<Row, Place> {
  readonly #common: Common<Row, Place>;
  readonly #all: Progress<Row, Place>[];

  constructor(lanes: readonly Lane<Row, Place>[], common: Common<Row, Place>) {
    this.#common = common;
    this.#all = lanes.map((lane) => ({ lane, after: null, waiting: [], isDone: false }));
  }

  /** The next rows, as many as are known to come next; none after the last. */
  async next(reads: Reads): Promise<Row[]> {
    for (;;) {
      const hungry = this.#all.filter(({ waiting, isDone }) => waiting.length === 0 && !isDone);
      if (hungry.length === 0) return this.#merge();
      await reads.run((bounds) => this.#readOn(hungry, bounds));
    }
  }

  #readOn(hungry: readonly Progress<Row, Place>[], whole: Bounds): Read<void> {
    const { take, lightness, isSearch } = this.#common;
    const budget = Math.max(LEAST_BYTES, Math.floor(BYTES_AT_ONCE / this.#all.length));
    return readOnEach(hungry, whole, {
      ...{ take, lightness },
      select: ({ lane, after }, bounds) => withinBytes(lane.select(after, bounds), budget),
      end: isSearch ? ({ lane, after }, bounds) => lane.end(after, bounds) : null,
      receive: (progress, found, end) => this.#receive(progress, found, end),
    });
  }

  #receive(progress: Progress<Row, Place>, found: unknown[], end: unknown): void {
    const { take, placeOf, toPlace } = this.#common;
    progress.waiting = found.map((selected) => progress.lane.toRow(selected));
    const last = progress.waiting.at(-1);
    // Full or cut: what comes after the last row was not looked at.
    const isFull = last !== undefined && (isCut(found) || found.length >= take);
    progress.after = isFull ? placeOf(last) : end === undefined ? null : toPlace(end);
    progress.isDone = progress.after === null;
  }

  /** Gives rows as long as each list that goes on has one waiting. */
  #merge(): Row[] {
    const merged: Row[] = [];
    const open = this.#all.filter(({ waiting }) => waiting.length > 0);
    const places = new Map(open.map((progress) => [progress, 0]));
    const at = (progress: Progress<Row, Place>) => progress.waiting[places.get(progress) ?? 0];
    for (let left = open; left.length > 0; ) {
      let [first] = left;
      for (const other of left.slice(1))
        if (first && isBefore(at(other), at(first), this.#common.compare)) first = other;
      const row = first && at(first);
      if (first === undefined || row === undefined) break;
      merged.push(row);
      places.set(first, (places.get(first) ?? 0) + 1);
      if (at(first) !== undefined) continue;
      if (!first.isDone) break;
      left = left.filter((progress) => progress !== first);
    }
    for (const [progress, given] of places) progress.waiting.splice(0, given);
    return merged;
  }
}

function isBefore<Row>(left: Row | undefined, right: Row | undefined, compare: (a: Row, b: Row) => number): boolean {
  return left !== undefined && right !== undefined && compare(left, right) < 0;
}
