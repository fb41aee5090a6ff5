import type { Json } from "./json.ts";
import { attributeIn, levelOf, type Note, type NoteKind, noteOf } from "./note.ts";

/** The log keeps this many notes of one request, of which the last one counts the others; a body can hold hundreds of thousands. */
export const MAX_NOTES = 20;

/** Of those that want an admin it keeps so many, for a setting can have a mapped field for each. */
export const MAX_ATTENTION = 100;

/** So many notes that are not kept are told apart, so that each counts once; of more it is known that they are more. */
const MAX_COUNTED = 10_000;

/**
 * What is noted of a request, each kind, path and value once: the first notes are kept and the others counted, but for those
 * that want an admin, of which a setting has about as many as it has fields. Further values of a path that was noted come
 * after the other paths, so that they leave room for these.
 */
export class NoteList {
  readonly #told: Note[] = [];
  readonly #further: Note[] = [];
  readonly #attention: Note[] = [];
  /** What was noted, kept or not, and where. */
  readonly #known = new Set<string>();
  readonly #places = new Set<string>();
  /** How many were left out: here, and by the lists that were taken in. */
  #left = 0;
  #isMore = false;
  #said = 0;

  constructor(notes: readonly Note[] = []) {
    this.push(...notes);
  }

  /** How often something was noted, known or not. */
  get said(): number {
    return this.#said;
  }

  /** Notes what a request sent at a path, the same once however often it stands in the body. */
  add(kind: NoteKind, path: string | null, value: Json = null): void {
    this.#said += 1;
    if (this.#known.size < MAX_COUNTED) this.#keep(noteOf(kind, path, value));
    else this.#isMore = true;
  }

  /** Takes in what was noted elsewhere; what was left out there is counted here. */
  push(...notes: readonly Note[]): void {
    for (const note of notes) {
      this.#said += 1;
      if (note.kind === "more") this.#count(note.value ?? "");
      else if (this.#known.size < MAX_COUNTED) this.#keep(note);
      else this.#isMore = true;
    }
  }

  /** Forgets all. */
  clear(): void {
    for (const gathered of [this.#told, this.#further, this.#attention]) gathered.length = 0;
    this.#known.clear();
    this.#places.clear();
    this.#left = 0;
    this.#isMore = false;
    this.#said = 0;
  }

  /** Those that want an admin, then the others, each in the order in which they came; the last one counts those left out. */
  list(): Note[] {
    const all = [...this.#attention, ...this.#told, ...this.#further];
    const limit = Math.max(MAX_NOTES, this.#attention.length);
    if (this.#left === 0 && !this.#isMore && all.length <= limit) return all;
    const kept = all.slice(0, Math.max(MAX_NOTES - 1, this.#attention.length));
    const left = this.#left + all.length - kept.length;
    return [...kept, { kind: "more", path: null, value: `${left}${this.#isMore ? "+" : ""}` }];
  }

  #keep(note: Note): void {
    const { kind, path, value } = note;
    const key = JSON.stringify([kind, path, value]);
    if (this.#known.has(key)) return;
    this.#known.add(key);
    const place = JSON.stringify([kind, path]);
    const isWanted = levelOf(kind) === "attention";
    const kept = isWanted ? this.#attention : this.#places.has(place) ? this.#further : this.#told;
    this.#places.add(place);
    if (kept.length < (isWanted ? MAX_ATTENTION : MAX_NOTES)) kept.push(note);
    else {
      this.#left += 1;
      if (isWanted) this.#exchange(note);
    }
  }

  /** Has every attribute stand among those that want an admin, rather than one of them for many people. */
  #exchange(note: Note): void {
    const same = (other: Note) => other.kind === note.kind && attributeIn(other.path) === attributeIn(note.path);
    if (this.#attention.some(same)) return;
    const seen = new Set<string>();
    const repeated = this.#attention.findIndex(({ kind, path }) => {
      const key = `${kind} ${attributeIn(path)}`;
      return seen.size === seen.add(key).size;
    });
    if (repeated >= 0) this.#attention.splice(repeated, 1, note);
  }

  #count(value: string): void {
    this.#left += Number.parseInt(value, 10) || 0;
    if (value.endsWith("+")) this.#isMore = true;
  }
}
