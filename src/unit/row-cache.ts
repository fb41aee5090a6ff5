import type { PeopleDays } from "../companies/people-days.ts";
import type { Group } from "../directory/group.ts";
import type { User } from "../directory/user.ts";
import type { Reason } from "../grouping/target-group.ts";
import { isAscii } from "../scim/fold-case.ts";
import type { Brake, Enrolment } from "./enrolment-and-brake-rows.ts";
import type { Ref } from "./resource-references.ts";

/**
 * What the cache of a company's rows takes, at most (bytes, as `sizeOf` counts them: rather too many than too few). With what is
 * wanted among them a lone PATCH takes one trip and not two.
 */
export const MOST_CACHED_BYTES = 2_000_000;

/** What a name and the place of a row in its table take (bytes). */
const PLACE = 80;

/** The company's counters as a commit left them. */
interface Counters {
  nextKey: number;
  changeSeq: number;
  peopleDays: PeopleDays | null;
}

interface Cached<V> {
  value: V | undefined;
  size: number;
}

/**
 * Rows of one kind that a writer has cached between commits, those that are known not to be there (undefined) among them. What was
 * not touched for a while goes: rows are put into the younger of two parts, and with each turn the older one is let go.
 */
export class CachedTable<K extends string | number, V> {
  #young = new Map<K, Cached<V>>();
  #old = new Map<K, Cached<V>>();

  /** Whether it is known what D1 holds under a key. */
  has(key: K): boolean {
    return this.#young.has(key) || this.#old.has(key);
  }

  /** What D1 holds under a key that is known; undefined for no row. */
  get(key: K): V | undefined {
    return (this.#young.get(key) ?? this.#old.get(key))?.value;
  }

  /** Caches what D1 holds under a key; gives by how much its younger part grew (bytes). */
  put(key: K, value: V | undefined): number {
    const young = this.#young.get(key);
    if (young !== undefined && young.value === value) return 0;
    const old = this.#old.get(key);
    const cached =
      old?.value === value && old !== undefined ? old : { value, size: PLACE + sizeOf(key) + sizeOf(value) };
    this.#young.set(key, cached);
    return cached.size - (young?.size ?? 0);
  }

  /** Lets go what was not put since the turn before. */
  turn(): void {
    this.#old = this.#young;
    this.#young = new Map();
  }

  /** Everything that is cached, by key. */
  entries(): Map<K, V | undefined> {
    return new Map([...this.#old, ...this.#young].map(([key, { value }]) => [key, value]));
  }
}

/**
 * The rows that a writer read and wrote, as its last commit left them: what an operation finds here need not be loaded. They
 * are as good as the configuration that they belong to, and go with it: only rows are cached that nothing but commits behind the
 * fence changes, so that the fence proves them along with it. Whatever changes rows by itself, and not by the tables of
 * a unit of work, has to have them dropped (`cacheRowsOfCommit`).
 */
export class RowCache {
  readonly users = new CachedTable<Ref, User>();
  readonly documents = new CachedTable<Ref, string>();
  readonly userNames = new CachedTable<string, Ref>();
  readonly persons = new CachedTable<string, Ref[]>();
  readonly groups = new CachedTable<Ref, Group>();
  readonly groupNames = new CachedTable<string, Ref>();
  readonly memberships = new CachedTable<string, true>();
  readonly groupsOf = new CachedTable<Ref, Ref[]>();
  readonly subgroups = new CachedTable<Ref, Ref[]>();
  readonly reasons = new CachedTable<Ref, Reason[]>();
  readonly enrolments = new CachedTable<string, Enrolment[]>();
  readonly brakes = new CachedTable<number, Brake>();
  readonly people = new CachedTable<"all", number>();
  /** Null while they are not known: then a load has to come first. */
  counters: Counters | null = null;
  readonly #mostBytes: number;
  #young = 0;
  #old = 0;

  constructor(mostBytes = MOST_CACHED_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /** How much it takes (bytes). */
  get bytes(): number {
    return this.#young + this.#old;
  }

  /** Caches what D1 holds under a key of one of the tables. */
  put<K extends string | number, V>(table: CachedTable<K, V>, key: K, value: V | undefined): void {
    this.#young += table.put(key, value);
    if (this.#young * 2 <= this.#mostBytes) return;
    for (const one of this.#tables()) one.turn();
    this.#old = this.#young;
    this.#young = 0;
    // A row that is too large by itself would outgrow both parts.
    if (this.#old * 2 > this.#mostBytes) this.#drop();
  }

  #drop(): void {
    for (const one of this.#tables()) one.turn();
    this.#old = 0;
  }

  #tables(): { turn(): void }[] {
    const { users, documents, userNames, persons, groups, groupNames, memberships } = this;
    const { groupsOf, subgroups, reasons, enrolments, brakes, people } = this;
    return [
      ...[users, documents, userNames, persons, groups, groupNames, memberships],
      ...[groupsOf, subgroups, reasons, enrolments, brakes, people],
    ];
  }
}

/** What a value takes (bytes), rather too much than too little: the engine keeps two bytes of a character where one of a text needs them. */
export function sizeOf(value: unknown): number {
  if (typeof value === "string") return 24 + (isAscii(value) ? 1 : 2) * value.length;
  if (typeof value !== "object" || value === null) return 8;
  let size = 48;
  if (Array.isArray(value)) for (const part of value) size += 8 + sizeOf(part);
  else if (value instanceof Map) for (const part of value) size += 8 + sizeOf(part);
  else for (const name in value) size += 8 + sizeOf(Reflect.get(value, name));
  return size;
}
