import type { MemberOperation } from "../scim/patch/member-operations.ts";
import type { WantedDifference } from "./needs.ts";

/** Thrown when an operation asks for a row that was not loaded; the commit group loads it and runs again. */
export class Missing extends Error {
  readonly table: string;
  readonly keys: readonly (string | number)[];

  constructor(table: string, keys: readonly (string | number)[]) {
    super(`${table} ${keys[0]} is not loaded`);
    this.table = table;
    this.keys = keys;
  }
}

/** Thrown when the comparison of a member list with what D1 holds was not loaded. */
export class MissingDifference extends Missing {
  readonly group: string;
  readonly memberIds: string[];
  readonly verb: MemberOperation["kind"];

  constructor({ group, memberIds, verb }: WantedDifference) {
    super("differences", [group]);
    this.group = group;
    this.memberIds = memberIds;
    this.verb = verb;
  }
}

/** Several misses of one operation of many parts. */
export class MissingSeveral extends Missing {
  readonly parts: readonly Missing[];

  constructor(parts: readonly Missing[]) {
    super("several", []);
    this.parts = parts;
  }
}

/** Runs for each of many parts; what all of them miss is asked for at once. */
export function runEach<T>(parts: Iterable<T>, run: (part: T) => void): void {
  const missing: Missing[] = [];
  for (const part of parts)
    try {
      run(part);
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      missing.push(error);
    }
  if (missing.length > 0) throw new MissingSeveral(missing);
}

/** The undo list of a working set: everything an operation changes can be taken back, so that it applies wholly or not at all. */
export class Journal {
  #undo: (() => void)[] = [];

  /** A place to roll back to. */
  mark(): number {
    return this.#undo.length;
  }

  /** Notes how to take one change back. */
  note(undo: () => void): void {
    this.#undo.push(undo);
  }

  /** Takes back all changes since `mark`, the latest first. */
  rollback(mark: number): void {
    while (this.#undo.length > mark) this.#undo.pop()?.();
  }
}

/** One row a working set changed: what D1 holds (undefined: no row) and what it shall hold. */
export interface Changed<K, V> {
  key: K;
  before: V | undefined;
  after: V | undefined;
}

/**
 * Rows of one kind as they were read, with the changes made to them since. Values are treated as immutable: a change
 * sets a new one. Reading a key that was never loaded throws Missing.
 */
export class Tracked<K extends string | number, V> {
  readonly table: string;
  readonly #journal: Journal;
  readonly #loaded = new Map<K, V | undefined>();
  readonly #changed = new Map<K, V | undefined>();
  readonly #all: ReadonlyMap<K, V> | undefined;

  /** `all` holds every row that D1 has, where they are kept: then nothing need be loaded. */
  constructor(table: string, journal: Journal, all?: ReadonlyMap<K, V>) {
    this.table = table;
    this.#journal = journal;
    this.#all = all;
  }

  /** Whether the key was loaded or set. */
  knows(key: K): boolean {
    return this.#all !== undefined || this.#changed.has(key) || this.#loaded.has(key);
  }

  /** Records what D1 holds; a later load of the same key is ignored. */
  load(key: K, value: V | undefined): void {
    if (!this.#loaded.has(key)) this.#loaded.set(key, value);
  }

  /** Takes everything another working set knows as what was read: its changes are in the same commit, before these. */
  loadFrom(other: Tracked<K, V>): void {
    for (const [key, value] of other.#changed) this.load(key, value);
    for (const [key, value] of other.#loaded) this.load(key, value);
  }

  /** The present value, or undefined for no row; throws Missing when neither is known. */
  get(key: K): V | undefined {
    if (this.#changed.has(key)) return this.#changed.get(key);
    if (this.#all !== undefined || this.#loaded.has(key)) return this.before(key);
    throw new Missing(this.table, [key]);
  }

  /** Makes sure that all of these keys are known; throws Missing with those that are not. */
  require(keys: readonly K[]): void {
    const missing = keys.filter((key) => !this.knows(key));
    if (missing.length > 0) throw new Missing(this.table, missing);
  }

  /** What D1 holds, or undefined. */
  before(key: K): V | undefined {
    return this.#loaded.has(key) ? this.#loaded.get(key) : this.#all?.get(key);
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

  /** The rows that differ from what was loaded. */
  changes(): Changed<K, V>[] {
    return [...this.#changed]
      .map(([key, after]) => ({ key, before: this.before(key), after }))
      .filter(({ before, after }) => before !== after);
  }
}
