import type { LogEntry } from "./log-entry.ts";
import { foldAscii } from "./names-of-person.ts";
import { foundBy, type KeyedEntry } from "./row-of-request.ts";

/** What one row keeps of each of its look-ups; the letters are short, since every look-up has them. */
export interface PackedLookUp {
  /** The request's id. */
  i: string;
  t: number;
  p: string;
  /** The type of what was asked for, and the id of the one that was found. */
  r: string | null;
  u: string | null;
  l: string | null;
  k: string | null;
  s: number;
  d: number;
  c: string | null;
  f: number | null;
  a: string | null;
}

/** Characters of one row, so that reading one look-up of it is cheap. */
const FULL = 65_536;

/** Whether a request can share its row: a question about users that was answered and deserves no word. */
export function isPackable({ method, status, resourceType, notes, requestBody }: LogEntry): boolean {
  return method === "GET" && status < 400 && resourceType !== "Group" && notes.length === 0 && requestBody === null;
}

/** Packs look-ups, each with its time, into rows of many, in the order of their ids. */
export function packLookUps(entries: readonly KeyedEntry[]): PackedLookUp[][] {
  const sorted = entries.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const packs: PackedLookUp[][] = [];
  let room = 0;
  for (const entry of sorted) {
    const { id, time, path, resourceType, resourceId, label, labelKey, status, duration, tokenId, responseBody } =
      entry;
    const size = path.length + (label?.length ?? 0) + (responseBody?.length ?? 0);
    if (packs.length === 0 || size > room) {
      packs.push([]);
      room = FULL;
    }
    room -= size;
    packs.at(-1)?.push({
      ...{ i: id, t: time, p: path, r: resourceType, u: resourceId, l: label, k: labelKey },
      ...{ s: status, d: duration, c: tokenId, f: foundBy(entry), a: responseBody },
    });
  }
  return packs;
}

/** By what the look-ups of a row are found by the people they are about. */
export function namesInPack(pack: readonly PackedLookUp[]): string[] {
  const names = pack.flatMap(({ u, l, k }) => (u !== null ? [u] : [l === null ? null : foldAscii(l), k]));
  return [...new Set(names.filter((name) => name !== null))];
}
