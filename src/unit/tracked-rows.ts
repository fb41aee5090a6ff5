import type { Journal } from "./undo-journal.ts";

/** Thrown when an operation asks for a row that was not read: its table remembers which, and the operation runs again. */
export class NotLoaded extends Error {}

/** Runs for each of many parts; what all of them miss is asked for at once. */
export function runEach<T>(parts: Iterable<T>, run: (part: T) => void): void {
  let missed: NotLoaded | null = null;
  for (const part of parts)
    try {
      run(part);
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error;
      missed = error;
    }
  if (missed !== null) throw missed;
}

/** One row a unit of work changed: what D1 holds (undefined: no row) and what it shall hold. */
export interface Changed<K, V> {
  key: K;
  before: V | undefined;
  after: V | undefined;
}

/** What names a row: text, a number, or the one object that says what is asked. */
type RowName = string | number | object;

/** What is particular to the rows of one kind. */
interface RowsOptions<K extends RowName, V> {
  /** What a key stands for that D1 has no row of; undefined when not said. */
  absent?: V;
  /** Rows that are always read together with these: whoever wants one wants the other. */
  readWith?: Rows<K, unknown>;
  /** Every row that D1 has, where they are kept: then nothing need be read. */
  all?: ReadonlyMap<K, V>;
  /** What is known of earlier commits. */
  kept?: KnownRows<K, V>;
}

/** Rows that need not be read; undefined stands for one that is not there. */
export interface KnownRows<K, V> {
  has(key: K): boolean;
  get(key: K): V | undefined;
}

/**
 * Rows of one kind as they were read, with the changes made to them since, and the keys that are still to be read. Values
 * are treated as immutable: a change sets a new one.
 */
export class Rows<K extends RowName, V> {
  readonly #name: string;
  readonly #journal: Journal;
  readonly #loaded = new Map<K, V | undefined>();
  readonly #changed = new Map<K, V | undefined>();
  readonly #absent: V | undefined;
  readonly #all: ReadonlyMap<K, V> | undefined;
  readonly #kept: KnownRows<K, V> | undefined;
  readonly #wanted: Set<K>;
  readonly #readWithThese: Rows<K, unknown>[] = [];

  constructor(name: string, journal: Journal, { absent, readWith, all, kept }: RowsOptions<K, V> = {}) {
    this.#name = name;
    this.#journal = journal;
    this.#absent = absent;
    this.#all = all;
    this.#kept = kept;
    this.#wanted = readWith === undefined ? new Set() : readWith.#wanted;
    if (readWith !== undefined) readWith.#readWithThese.push(this);
    journal.watch(this.#wanted);
  }

  /** The keys that are to be read. */
  get wanted(): ReadonlySet<K> {
    return this.#wanted;
  }

  /** Whether the key was read or set. */
  knows(key: K): boolean {
    return this.#all !== undefined || this.#changed.has(key) || this.#isLoaded(key);
  }

  /** What is kept of earlier commits counts as loaded from when it is first asked for: it may be kept no more when this one ends. */
  #isLoaded(key: K): boolean {
    if (this.#loaded.has(key)) return true;
    if (this.#kept?.has(key) !== true) return false;
    this.#loaded.set(key, this.#kept.get(key));
    return true;
  }

  /** Foresees that somebody will ask for a key. */
  want(key: K): void {
    if (!this.knows(key)) this.#wanted.add(key);
  }

  /** Foresees several. */
  wantAll(keys: Iterable<K>): void {
    for (const key of keys) this.want(key);
  }

  /** The present value, or undefined for no row; wants the key and throws NotLoaded when it is not known. */
  get(key: K): V | undefined {
    if (this.#changed.has(key)) return this.#changed.get(key);
    if (this.#all === undefined && !this.#isLoaded(key)) this.require([key]);
    return this.before(key);
  }

  /** Makes sure that all of these keys are known; wants those that are not, and throws NotLoaded. */
  require(keys: readonly K[]): void {
    const missing = keys.filter((key) => !this.knows(key));
    if (missing.length === 0) return;
    for (const key of missing) this.#wanted.add(key);
    throw new NotLoaded(`${missing.length} of ${this.#name} are not loaded`);
  }

  /** Records what D1 holds; a later load of the same key is ignored. */
  load(key: K, value: V | undefined): void {
    if (!this.#loaded.has(key)) this.#loaded.set(key, value);
  }

  /** Ends a read: what was wanted and not loaded is not there. */
  endLoad(): void {
    for (const rows of [this, ...this.#readWithThese]) for (const key of this.#wanted) rows.load(key, rows.#absent);
    this.#wanted.clear();
  }

  /** What D1 holds, or undefined. */
  before(key: K): V | undefined {
    return this.#isLoaded(key) ? this.#loaded.get(key) : this.#all?.get(key);
  }

  /** Sets or (with undefined) removes a row. */
  set(key: K, value: V | undefined): void {
    const had = this.#changed.has(key);
    const previous = this.#changed.get(key);
    this.#journal.note(() => {
      if (had) this.#changed.set(key, previous);
      else this.#changed.delete(key);
    });
    this.#changed.set(key, value);
  }

  /** Every row that was read or set, as it stands now. */
  known(): Map<K, V | undefined> {
    return new Map([...this.#loaded, ...this.#changed]);
  }

  /** Every row as it stands now, where all are kept. */
  entries(): Map<K, V> {
    const rows = new Map(this.#all);
    for (const [key, value] of this.#changed)
      if (value === undefined) rows.delete(key);
      else rows.set(key, value);
    return rows;
  }

  /** The rows that differ from what was read. */
  changes(): Changed<K, V>[] {
    return [...this.#changed]
      .map(([key, after]) => ({ key, before: this.before(key), after }))
      .filter(({ before, after }) => before !== after);
  }
}
