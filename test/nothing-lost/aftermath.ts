import type { ClosedCount } from "./closed-list.ts";
import { CORE, fold, type Json, type JsonObject } from "./known.ts";

/** A note of a log entry, as the management API answers it. */
export interface ToldNote {
  kind: string;
  path: string | null;
  value: string | null;
}

/** What is known after a request: the resource as a GET answers it, and what the log tells. */
export interface Aftermath {
  resource: JsonObject;
  notes: readonly ToldNote[];
  closed: ClosedCount;
  /** Whether notes quote what was sent, too: those of a group do not. */
  quotesValues: boolean;
}

/** No value: null, blank, or a list or an object of nothing else. */
export function isNothing(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === "string") return value.trim() === "";
  return typeof value === "object" && Object.values(value).every(isNothing);
}

/** The elements of a list, or the one value that stands where a list may. */
export function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

/** Nothing when a note tells of it, else the sentence that says what is missing. */
export function missing(after: Aftermath, path: string, value: Json, text = path): string[] {
  if (isTold(after, path, text, value)) return [];
  return [`${text}: ${show(value)} is neither there nor noted`];
}

/** A value as a failure quotes it. */
export function show(value: Json): string {
  return JSON.stringify(value).slice(0, 200);
}

/** Whether a note names a path as it was sent or is printed, or what it is a part of, or may be among those that are counted. */
export function isTold(after: Aftermath, path: string, text: string, value: Json = null): boolean {
  if (isNamed(after, path, text, value)) return true;
  const isCounted = countLeft(after) > 0;
  if (isCounted) after.closed.allow("counted");
  return isCounted;
}

/** How many notes the last one counts that are not kept. */
export function countLeft({ notes }: Aftermath): number {
  return Number.parseInt(notes.find(({ kind }) => kind === "more")?.value ?? "0", 10);
}

/** Whether a note names a path, with what was sent there. */
export function isNamed({ notes, quotesValues }: Aftermath, path: string, text: string, value: Json = null): boolean {
  const plain = (name: string) =>
    fold(name.trim())
      .replace(/"(?:[^"\\]|\\.)*"/g, '""')
      .slice(0, 150);
  const [printed, sent] = [plain(path), plain(text)];
  const bare = Object.values(CORE).reduce((name, urn) => name.replace(`${fold(urn)}:`, ""), sent);
  const mustQuote = quotesValues && !isNothing(value) && !hasSecret(value);
  return notes.some(({ kind, path: noted, value: shown }) => {
    if (noted === null || KEEPING.has(kind)) return false;
    if (mustQuote && QUOTING.has(kind) && shown === null) return false;
    const told = plain(noted);
    const names = [printed, sent, bare];
    if (!names.some((name) => name === told || name.startsWith(`${told}.`))) return false;
    return !mustQuote || !QUOTING.has(kind) || isQuoted(value, shown ?? "");
  });
}

/** Whether a note shows a simple value, by itself or in what it shows of a list or an object; of these it may show a part. */
function isQuoted(value: Json, shown: string): boolean {
  if (typeof value === "object" || shown.endsWith("…")) return true;
  const text = String(value)
    .slice(0, 100)
    .toWellFormed()
    .replace(/\ufffd$/, "");
  if (!/^[[{]/.test(shown)) return shown.startsWith(text);
  return fold(shown).includes(fold(JSON.stringify(text.trim()).slice(1, -1)));
}

/** Kinds of notes that speak of what is there all the same. */
const KEEPING: ReadonlySet<string> = new Set(["primary_twice", "one_of_several", "mass_change"]);

/** Kinds of notes that quote what was sent. */
const QUOTING: ReadonlySet<string> = new Set(["unknown_attribute", "value_left_out", "value_too_long", "emptied"]);

function hasSecret(value: Json): boolean {
  return JSON.stringify(value).toLowerCase().includes("password");
}
