import { BYTES_AT_ONCE, isCut, withinBytes } from "../platform/byte-budget.ts";
import type { Read } from "../platform/read-batch.ts";
import type { Sql } from "../platform/sql.ts";
import { readOnEach } from "./read-on-each.ts";
import type { Bounds, Reads } from "./split-long-reads.ts";

/** One of several lists that are read as one: the rows of a setting, or those about somebody. */
interface SortedList<Row, Place> {
  /** Selects, of the next rows after a place that the bounds allow to look at, the first that are shown, each with its `size` in bytes. */
  select(after: Place | null, bounds: Bounds): Sql;
  /** Selects, as one row, the place of the last of the rows that are looked at; nothing where no more follow. */
  end(after: Place | null, bounds: Bounds): Sql;
  toRow(selected: unknown): Row;
}

/** What all lists have in common. */
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

/** How far a list has been read, and its rows that were not given yet. */
interface Reading<Row, Place> {
  list: SortedList<Row, Place>;
  after: Place | null;
  waiting: Row[];
  isDone: boolean;
}

/** What the rows of a list may come to at least that are read at once (bytes): of twenty it is a tenth of what an isolate has. */
const LEAST_BYTES = 500_000;

/**
 * Several lists as one, in one order, from beginning to end: each is read on only when none of its rows is left, so that the
 * statements are as few as all their rows together need, however many lists there are. Memory holds one stretch of each.
 */
export class SortedLists<Row, Place> {
  readonly #common: Common<Row, Place>;
  readonly #all: Reading<Row, Place>[];

  constructor(lists: readonly SortedList<Row, Place>[], common: Common<Row, Place>) {
    this.#common = common;
    this.#all = lists.map((list) => ({ list, after: null, waiting: [], isDone: false }));
  }

  /** The next rows, as many as are known to come next; none after the last. */
  async next(reads: Reads): Promise<Row[]> {
    for (;;) {
      const hungry = this.#all.filter(({ waiting, isDone }) => waiting.length === 0 && !isDone);
      if (hungry.length === 0) return this.#merge();
      await reads.run((bounds) => this.#readOn(hungry, bounds));
    }
  }

  #readOn(hungry: readonly Reading<Row, Place>[], whole: Bounds): Read<void> {
    const { take, lightness, isSearch } = this.#common;
    const budget = Math.max(LEAST_BYTES, Math.floor(BYTES_AT_ONCE / this.#all.length));
    return readOnEach(hungry, whole, {
      ...{ take, lightness },
      select: ({ list, after }, bounds) => withinBytes(list.select(after, bounds), budget),
      end: isSearch ? ({ list, after }, bounds) => list.end(after, bounds) : null,
      receive: (reading, found, end) => this.#receive(reading, found, end),
    });
  }

  #receive(reading: Reading<Row, Place>, found: unknown[], end: unknown): void {
    const { take, placeOf, toPlace } = this.#common;
    reading.waiting = found.map((selected) => reading.list.toRow(selected));
    const last = reading.waiting.at(-1);
    // Full or cut: what comes after the last row was not looked at.
    const isFull = last !== undefined && (isCut(found) || found.length >= take);
    reading.after = isFull ? placeOf(last) : end === undefined ? null : toPlace(end);
    reading.isDone = reading.after === null;
  }

  /** Gives rows as long as each list that goes on has one waiting. */
  #merge(): Row[] {
    const merged: Row[] = [];
    const open = this.#all.filter(({ waiting }) => waiting.length > 0);
    const places = new Map(open.map((reading) => [reading, 0]));
    const at = (reading: Reading<Row, Place>) => reading.waiting[places.get(reading) ?? 0];
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
      left = left.filter((reading) => reading !== first);
    }
    for (const [reading, given] of places) reading.waiting.splice(0, given);
    return merged;
  }
}

function isBefore<Row>(left: Row | undefined, right: Row | undefined, compare: (a: Row, b: Row) => number): boolean {
  return left !== undefined && right !== undefined && compare(left, right) < 0;
}
