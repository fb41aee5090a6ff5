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
  /** Every row that D1 has, as the configuration has them: it is read anew after a commit that changes one. */
  configured?: ReadonlyMap<K, V>;
  /** Every row that D1 has, as cached beside the configuration: after a commit the cache carries the changes on. */
  carriedOn?: ReadonlyMap<K, V>;
  /** What is cached of earlier commits. */
  cached?: KnownRows<K, V>;
}

/** Rows that need not be read; undefined stands for one that is not there. */
export interface KnownRows<K, V> {
  has(key: K): boolean;
  get(key: K): V | undefined;
}

const NONE: ReadonlySet<never> = new Set();

/**
 * Rows of one kind as they were read, with the changes made to them since, and the keys that are still to be read. Values
 * are treated as immutable: a change sets a new one. A commit has some forty kinds and uses a few: what holds rows of one is
 * made with the first of them.
 */
export class Rows<K extends RowName, V> {
  readonly #name: string;
  readonly #journal: Journal;
  #loaded: Map<K, V | undefined> | null = null;
  #changed: Map<K, V | undefined> | null = null;
  /** The rows that differ from what was read, as long as none is read or set. */
  #differences: readonly Changed<K, V>[] | null = null;
  readonly #absent: V | undefined;
  readonly #isConfigured: boolean;
  readonly #all: ReadonlyMap<K, V> | undefined;
  readonly #cached: KnownRows<K, V> | undefined;
  #wanted: Set<K> | null = null;
  readonly #readWith: Rows<K, unknown> | undefined;
  #readWithThese: Rows<K, unknown>[] | null = null;

  constructor(
    name: string,
    journal: Journal,
    { absent, readWith, configured, carriedOn, cached }: RowsOptions<K, V> = {},
  ) {
    this.#name = name;
    this.#journal = journal;
    this.#absent = absent;
    this.#isConfigured = configured !== undefined;
    this.#all = configured ?? carriedOn;
    this.#cached = cached;
    this.#readWith = readWith;
    if (readWith === undefined) journal.register(this);
    else readWith.#addReadWithThis(this);
  }

  #addReadWithThis(rows: Rows<K, unknown>): void {
    this.#readWithThese ??= [];
    this.#readWithThese.push(rows);
  }

  /** The keys that are to be read. */
  get wanted(): ReadonlySet<K> {
    return this.#readWith?.wanted ?? this.#wanted ?? NONE;
  }

  /** Whether any is. */
  get isWanting(): boolean {
    return this.#readWith?.isWanting ?? (this.#wanted !== null && this.#wanted.size > 0);
  }

  #want(key: K): void {
    if (this.#readWith !== undefined) this.#readWith.#want(key);
    else this.#wanted = (this.#wanted ?? new Set()).add(key);
  }

  /** Whether the configuration has to be read anew: it has these rows, and they differ from what it has. */
  get outdatesConfiguration(): boolean {
    return this.#isConfigured && this.differences().length > 0;
  }

  /** Whether the key was read or set. */
  knows(key: K): boolean {
    return this.#all !== undefined || this.#changed?.has(key) === true || this.#isLoaded(key);
  }

  /** What is cached of earlier commits counts as loaded from when it is first asked for: the cache may have let it go when this one ends. */
  #isLoaded(key: K): boolean {
    if (this.#loaded?.has(key)) return true;
    if (this.#cached?.has(key) !== true) return false;
    this.load(key, this.#cached.get(key));
    return true;
  }

  /** Foresees that somebody will ask for a key. */
  want(key: K): void {
    if (!this.knows(key)) this.#want(key);
  }

  /** Foresees several. */
  wantAll(keys: Iterable<K>): void {
    for (const key of keys) this.want(key);
  }

  /** The present value, or undefined for no row; wants the key and throws NotLoaded when it is not known. */
  get(key: K): V | undefined {
    if (this.#changed?.has(key)) return this.#changed.get(key);
    if (this.#all === undefined && !this.#isLoaded(key)) this.require([key]);
    return this.before(key);
  }

  /** Makes sure that all of these keys are known; wants those that are not, and throws NotLoaded. */
  require(keys: readonly K[]): void {
    const missing = keys.filter((key) => !this.knows(key));
    if (missing.length === 0) return;
    for (const key of missing) this.#want(key);
    throw new NotLoaded(`${missing.length} of ${this.#name} are not loaded`);
  }

  /** Records what D1 holds; a later load of the same key is ignored. */
  load(key: K, value: V | undefined): void {
    if (this.#loaded?.has(key)) return;
    this.#loaded = (this.#loaded ?? new Map()).set(key, value);
    this.#differences = null;
  }

  /** Ends a read: what was wanted and not loaded is not there. */
  endLoad(): void {
    for (const key of this.wanted) this.load(key, this.#absent);
    for (const rows of this.#readWithThese ?? []) for (const key of this.wanted) rows.load(key, rows.#absent);
    this.#wanted?.clear();
  }

  /** What D1 holds, or undefined. */
  before(key: K): V | undefined {
    return this.#isLoaded(key) ? this.#loaded?.get(key) : this.#all?.get(key);
  }

  /** Sets or (with undefined) removes a row. */
  set(key: K, value: V | undefined): void {
    const changed = this.#changed ?? new Map<K, V | undefined>();
    const had = changed.has(key);
    const previous = changed.get(key);
    this.#journal.onRollback(() => {
      this.#differences = null;
      if (had) changed.set(key, previous);
      else changed.delete(key);
    });
    this.#differences = null;
    this.#changed = changed.set(key, value);
  }

  /** Visits every row that was read or set, as it stands now. */
  eachKnown(visit: (key: K, value: V | undefined) => void): void {
    for (const [key, value] of this.#loaded ?? []) visit(key, this.#changed?.has(key) ? this.#changed.get(key) : value);
    for (const [key, value] of this.#changed ?? []) if (!this.#loaded?.has(key)) visit(key, value);
  }

  /** Every row as it stands now, where all are known. */
  entries(): ReadonlyMap<K, V> {
    if (this.#changed === null) return this.#all ?? new Map();
    const rows = new Map(this.#all);
    for (const [key, value] of this.#changed)
      if (value === undefined) rows.delete(key);
      else rows.set(key, value);
    return rows;
  }

  /** The rows that differ from what was read. */
  differences(): readonly Changed<K, V>[] {
    if (this.#changed === null) return [];
    this.#differences ??= this.#differing(this.#changed);
    return this.#differences;
  }

  #differing(changed: ReadonlyMap<K, V | undefined>): Changed<K, V>[] {
    const differing: Changed<K, V>[] = [];
    for (const [key, after] of changed) {
      const before = this.before(key);
      if (before !== after) differing.push({ key, before, after });
    }
    return differing;
  }
}
