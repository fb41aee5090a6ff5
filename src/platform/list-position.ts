import { type Sql, sql } from "./sql.ts";

/** A place in a sorted list: the sort value of the row last shown, and the row's key, which breaks ties. */
export interface Position {
  value: PositionValue;
  key: number;
  /** The key of the part of the list that it is in, where the list has one part after the other. */
  part?: number;
  /** What rows of one sort value are sorted by. */
  second?: PositionValue;
}

/** A page of a list by keys: up to `take` rows after one; or, where there is a `before`, those before that one, the nearest first. */
export interface KeyedPage {
  take: number;
  after: number | null;
  before?: number | null;
}

/** A sort value as a cursor carries it; null for a row that has none. */
type PositionValue = string | number | null | LongText;

/** What stands for a text that is too long for a cursor: its two ends and its length, in characters (code points). */
interface LongText {
  head: string;
  tail: string;
  length: number;
}

/** Texts of up to this many characters travel whole. */
const WHOLE = 256;
const TAIL = 64;
const HEAD = WHOLE - TAIL;

/** The place of a row, of bounded size whatever it is sorted by. */
export function toPosition(value: string | number | null, key: number): Position {
  if (typeof value !== "string" || value.length <= WHOLE) return { value, key };
  const characters = Array.from(value);
  if (characters.length <= WHOLE) return { value, key };
  const [head, tail] = [characters.slice(0, HEAD).join(""), characters.slice(-TAIL).join("")];
  return { value: { head, tail, length: characters.length }, key };
}

/** Reads a decoded cursor as a place in a sorted list; undefined when it is none. */
export function readPosition(decoded: unknown): Position | undefined {
  if (typeof decoded !== "object" || decoded === null || !("value" in decoded) || !("key" in decoded)) return undefined;
  const key = readKey(decoded.key);
  const value = readValue(decoded.value);
  if (key === undefined || value === undefined) return undefined;
  const part = "part" in decoded ? readKey(decoded.part) : undefined;
  const second = "second" in decoded ? readValue(decoded.second) : undefined;
  return { value, key, ...(part === undefined ? {} : { part }), ...(second === undefined ? {} : { second }) };
}

/** Reads a decoded cursor as a row's key; undefined when it is none. */
export function readKey(decoded: unknown): number | undefined {
  return typeof decoded === "number" && Number.isSafeInteger(decoded) ? decoded : undefined;
}

/** Reads a decoded cursor as a text, such as a row's id; undefined when it is none. */
export function readText(decoded: unknown): string | undefined {
  return typeof decoded === "string" ? decoded : undefined;
}

function readValue(value: unknown): PositionValue | undefined {
  if (value === null || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "object" || !("head" in value) || !("tail" in value) || !("length" in value)) return undefined;
  const { head, tail, length } = value;
  if (typeof head !== "string" || typeof tail !== "string" || head === "" || tail === "") return undefined;
  return typeof length === "number" && Number.isSafeInteger(length) ? { head, tail, length } : undefined;
}

/**
 * The sort value that a list goes on from. For a long text it is looked up: `row` selects the value, as `v`, of the
 * position's row as it is now. While the row has that value the walk is exact. When it has gone or changed, the list goes on
 * from the first row that begins as the value did: rows with the same first 192 characters may come twice, none is left
 * out.
 */
export function resumeValue({ value }: Pick<Position, "value">, row: Sql, isDescending: boolean): Sql {
  if (value === null || typeof value !== "object") return sql`${value}`;
  const { head, tail, length } = value;
  return sql`coalesce((SELECT v FROM (${row}) WHERE length(v) = ${length}
    AND substr(v, 1, length(${head})) = ${head} AND substr(v, -length(${tail})) = ${tail}), ${isDescending ? beyond(head) : head})`;
}

/** A text that every text with this beginning comes before, by code points as SQLite compares. */
function beyond(head: string): string {
  const points = Array.from(head, (character) => character.codePointAt(0) ?? 0);
  let last = points.pop();
  while (last === 0x10ffff) last = points.pop();
  if (last === undefined) return `${head}\u{10ffff}`;
  // Surrogates are no characters.
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
}
