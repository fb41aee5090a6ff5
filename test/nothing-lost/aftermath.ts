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
  if (isTold(after, path, text)) return [];
  return [`${text}: ${show(value)} is neither there nor noted`];
}

/** A value as a failure quotes it. */
export function show(value: Json): string {
  return JSON.stringify(value).slice(0, 200);
}

/** Whether a note names a path as it was sent or is printed, or what it is a part of. */
export function isTold({ notes, closed }: Aftermath, path: string, text: string): boolean {
  const plain = (name: string) =>
    fold(name.trim())
      .replace(/"(?:[^"\\]|\\.)*"/g, '""')
      .slice(0, 150);
  const [printed, sent] = [plain(path), plain(text)];
  const bare = Object.values(CORE).reduce((name, urn) => name.replace(`${fold(urn)}:`, ""), sent);
  const isNamed = notes.some(({ kind, path: noted }) => {
    if (noted === null || kind === "mass_change") return false;
    const told = plain(noted);
    return [printed, sent, bare].some((name) => name === told || name.startsWith(`${told}.`));
  });
  if (!isNamed && notes.some(({ kind }) => kind === "more")) closed.allow("counted");
  return isNamed || notes.some(({ kind }) => kind === "more");
}
