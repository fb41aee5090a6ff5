import type { RefusalCode } from "./refusal-causes.ts";

/**
 * Most values that a body may hold, objects and lists among them: each takes many times its text once it is read, and the
 * isolate has 128 MB. A company's own quota may be lower, never higher.
 */
export const MAX_VALUES = 1_000_000;

/**
 * Most different names in a body: the engine keeps objects of more kinds than 1,536 that begin alike as tables of their own,
 * each ten times as large.
 */
const MAX_DIFFERENT_NAMES = 1_500;

/** Most different sequences of names in a body's objects, beginnings of such among them: the engine describes each for itself. */
const MAX_SHAPES = 20_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Counts the values in a JSON text, objects and lists among them, without reading it; names do not count. A text that is no
 * JSON has at least as many as a parser meets before it stops. One look at each character; over `limit` it stops counting.
 */
export function countValues(text: string, limit: number = Number.POSITIVE_INFINITY): number {
  let count = 0;
  scan(text, {
    value: () => {
      count += 1;
      return count <= limit;
    },
    name: () => {
      count -= 1;
      return true;
    },
  });
  return count;
}

/** Counts the names in the objects of a JSON text, one that stands twice in an object twice. */
export function countNames(text: string): number {
  let count = 0;
  scan(text, {
    value: () => true,
    name: () => {
      count += 1;
      return true;
    },
  });
  return count;
}

/** Why a text is not parsed: it has more values than may be read (413), or objects of too many kinds (400); null for one that is. */
export function judgeMeasure(text: string): { code: RefusalCode; detail: string } | null {
  // A value takes two characters at least: itself, and what parts or closes it.
  if (text.length >= 2 * MAX_VALUES && countValues(text, MAX_VALUES) > MAX_VALUES)
    return {
      code: "quota_size",
      detail: `The request body holds more than ${MAX_VALUES} values. Send fewer members or operations in one request.`,
    };
  if (hasMany(text, COLON, MAX_DIFFERENT_NAMES) && hasManyKinds(text))
    return {
      code: "body_too_complex",
      detail: `The request body holds more than ${MAX_DIFFERENT_NAMES} different names of attributes, or objects of more than ${MAX_SHAPES} kinds.`,
    };
  return null;
}

/** Whether a character stands in a text more often than so. */
function hasMany(text: string, character: number, times: number): boolean {
  let count = 0;
  for (let at = 0; at < text.length && count <= times; at += 1) if (text.charCodeAt(at) === character) count += 1;
  return count > times;
}

function hasManyKinds(text: string): boolean {
  const names = new Set<string>();
  const shapes = new Set<number>();
  /** The shapes so far of the objects that are open. */
  const open: number[] = [];
  const isFew = () => names.size <= MAX_DIFFERENT_NAMES && shapes.size <= MAX_SHAPES;
  scan(text, {
    value: () => true,
    name: (start, end) => {
      const name = text.slice(start, end);
      names.add(name);
      const shape = mix(open.pop() ?? 0, name);
      open.push(shape);
      shapes.add(shape);
      return isFew();
    },
    bracket: (unit) => {
      if (unit === OPEN_BRACE) open.push(0);
      else if (unit === CLOSE_BRACE) open.pop();
    },
  });
  return !isFew();
}

/** A number that tells a sequence of names from others, of the one before and a further name. */
function mix(shape: number, name: string): number {
  let state = Math.imul(shape ^ 0x9e3779b1, 0x85ebca77);
  for (let index = 0; index < name.length; index += 1)
    state = Math.imul(state ^ name.charCodeAt(index), 0x01000193) ^ (state >>> 15);
  return state;
}

/** What is told of a text as it is looked through; each says whether to go on. */
interface Listener {
  /** Of each value where it begins; a name is first told as a value. */
  value(): boolean;
  /** Of a text that turned out to be a name, with its quotes. */
  name(start: number, end: number): boolean;
  /** Of each character outside of texts and blanks, before it is looked at. */
  bracket?(unit: number): void;
}

function scan(text: string, { value, name, bracket }: Listener): void {
  let wasWord = false;
  let string: { start: number; end: number } | null = null;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (isJsonBlank(unit)) continue;
    if (unit === COLON) {
      if (string !== null && !name(string.start, string.end)) return;
      string = null;
      wasWord = false;
      continue;
    }
    string = null;
    bracket?.(unit);
    if (unit === QUOTE) {
      const end = endOfString(text, at);
      string = { start: at, end };
      at = end - 1;
    }
    const isWord = unit !== QUOTE && !isMark(unit);
    if ((unit === QUOTE || isOpening(unit) || (isWord && !wasWord)) && !value()) return;
    wasWord = isWord;
  }
}

/** Where a string that begins at `start` is over, its closing quote included. */
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) return at + 1;
    if (unit === BACKSLASH) at += 1;
  }
  return text.length;
}

/** Whether a character is one of the blanks of JSON (RFC 8259 section 2). */
export function isJsonBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0x0a || unit === 0x0d;
}

function isOpening(unit: number): boolean {
  return unit === 0x5b || unit === OPEN_BRACE;
}

/** Brackets, braces and commas. */
function isMark(unit: number): boolean {
  return isOpening(unit) || unit === 0x5d || unit === CLOSE_BRACE || unit === 0x2c;
}
