import { fromBase64Url, toBase64Url } from "./random-and-hash.ts";
import { textDigest } from "./text-digest.ts";

/** A text longer than this is no cursor; those that are handed out stay well below (see list-position.ts). */
const MAX_LENGTH = 4096;

/**
 * What a cursor belongs to: the company and the list, named by ids that never change, and whatever decides which rows
 * the list has and in what order. JSON values only.
 */
export type ListName = readonly unknown[];

/**
 * A position in a list as opaque, URL-safe text. It carries a digest of the list and the position, so that no other list
 * takes it and a change of it shows. No key is in that: a cursor outlives every rotation, and one that somebody makes up
 * leads nowhere that its list does not lead.
 */
export function encodeCursor(list: ListName, position: unknown): string {
  return toBase64Url(new TextEncoder().encode(JSON.stringify([digestOf(list, position), position])));
}

/** The position in a cursor; undefined for a text that is none, belongs to another list or was altered. */
export function decodeCursor(list: ListName, text: string): unknown {
  if (text.length > MAX_LENGTH || !/^[\w-]+$/.test(text)) return undefined;
  let decoded: unknown;
  try {
    decoded = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(fromBase64Url(text)));
  } catch {
    return undefined;
  }
  if (!Array.isArray(decoded) || decoded.length !== 2) return undefined;
  const [digest, position]: unknown[] = decoded;
  return digest === digestOf(list, position) ? position : undefined;
}

/** Tells lists and positions apart. */
function digestOf(list: ListName, position: unknown): string {
  return textDigest(JSON.stringify([list, position]));
}
