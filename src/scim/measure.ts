import type { RefusalCode } from "./refusals.ts";

/**
 * Most values that a body may hold, objects and lists among them: each takes many times its text once it is read, and the
 * isolate has 128 MB. A company's own quota may be lower, never higher.
 */
export const MAX_VALUES = 1_000_000;

/** Most different names in a body: objects of ever new names take the engine ten times what objects of the same names do. */
const MAX_DIFFERENT_NAMES = 20_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

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

/** Why a text is not parsed: it has more values than may be read (413), or more different names (400); null for one that is. */
export function judgeMeasure(text: string): { code: RefusalCode; detail: string } | null {
  // A value takes two characters at least: itself, and what parts or closes it.
  if (text.length >= 2 * MAX_VALUES && countValues(text, MAX_VALUES) > MAX_VALUES)
    return {
      code: "quota_size",
      detail: `The request body holds more than ${MAX_VALUES} values. Send fewer members or operations in one request.`,
    };
  if (hasMany(text, COLON, MAX_DIFFERENT_NAMES) && hasManyNames(text))
    return {
      code: "body_too_complex",
      detail: `The request body holds more than ${MAX_DIFFERENT_NAMES} different names of attributes.`,
    };
  return null;
}

/** Whether a character stands in a text more often than so. */
function hasMany(text: string, character: number, times: number): boolean {
  let count = 0;
  for (let at = 0; at < text.length && count <= times; at += 1) if (text.charCodeAt(at) === character) count += 1;
  return count > times;
}

function hasManyNames(text: string): boolean {
  const names = new Set<string>();
  scan(text, {
    value: () => true,
    name: (start, end) => {
      names.add(text.slice(start, end));
      return names.size <= MAX_DIFFERENT_NAMES;
    },
  });
  return names.size > MAX_DIFFERENT_NAMES;
}

/** What is told of a text as it is looked through; each says whether to go on. */
interface Listener {
  /** Of each value where it begins; a name is first told as a value. */
  value(): boolean;
  /** Of a text that turned out to be a name, with its quotes. */
  name(start: number, end: number): boolean;
}

function scan(text: string, { value, name }: Listener): void {
  let wasWord = false;
  let string: { start: number; end: number } | null = null;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (isBlank(unit)) continue;
    if (unit === COLON) {
      if (string !== null && !name(string.start, string.end)) return;
      string = null;
      wasWord = false;
      continue;
    }
    string = null;
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
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) return at + 1;
    if (unit === BACKSLASH) at += 1;
  }
  return text.length;
}

function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0x0a || unit === 0x0d;
}

function isOpening(unit: number): boolean {
  return unit === 0x5b || unit === 0x7b;
}

/** Brackets, braces and commas. */
function isMark(unit: number): boolean {
  return isOpening(unit) || unit === 0x5d || unit === 0x7d || unit === 0x2c;
}
