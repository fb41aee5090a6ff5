import { ScimError } from "../errors.ts";
import { printFilter } from "../filter/filter.ts";
import { printPath } from "../schema/attribute-name.ts";
import type { ResourceType } from "../schema/schema.ts";
import type { ListQuery } from "./query.ts";
import type { SortKey } from "./sort.ts";

/** How long a cursor stays good, in seconds; advertised as `cursorTimeout` (RFC 9865 section 4). */
export const CURSOR_LIFETIME_SECONDS = 3600;

/** Where a page of a walk ended, so that the next begins right after it whatever was created or deleted meanwhile. */
export interface Cursor {
  /** Names the filter and order the cursor belongs to. */
  fingerprint: string;
  /** Sort key of the resource at the edge of the page; null also when there is no `sortBy`. */
  value: SortKey;
  /** The row key of that resource, which breaks ties. */
  key: number;
  direction: "next" | "previous";
  /** When it was issued, in milliseconds since 1970. */
  issuedAt: number;
}

/** Names what a cursor is bound to: the resource type, the filter as understood, the sort attribute and order. */
export function queryFingerprint(
  type: ResourceType,
  query: Pick<ListQuery, "filter" | "sortBy" | "sortOrder">,
): string {
  const text = JSON.stringify([
    type.name,
    query.filter === undefined ? "" : printFilter(query.filter),
    query.sortBy === undefined ? "" : printPath(query.sortBy),
    query.sortBy === undefined ? "" : query.sortOrder,
  ]);
  // Two 32-bit FNV-1a hashes: enough to tell queries apart; nothing secret hangs on it.
  return [0x811c9dc5, 0x01000193].map((seed) => hash(text, seed).toString(36)).join("");
}

function hash(text: string, seed: number): number {
  let state = seed;
  for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  return state >>> 0;
}

/** Writes a cursor as opaque text safe in a URL (RFC 9865 section 2). */
export function encodeCursor(cursor: Cursor): string {
  const direction = cursor.direction === "next" ? 1 : 0;
  const json = JSON.stringify([cursor.fingerprint, cursor.value, cursor.key, direction, cursor.issuedAt]);
  const bytes = new TextEncoder().encode(json);
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Reads a cursor back: 400 invalidCursor when it is not one of ours or belongs to another query, 400 expiredCursor when
 * it is older than its lifetime (RFC 9865 section 2.3). `now` is in milliseconds, the lifetime in seconds.
 */
export function decodeCursor(
  text: string,
  fingerprint: string,
  now: number,
  lifetimeSeconds: number = CURSOR_LIFETIME_SECONDS,
): Cursor {
  const cursor = readCursor(text);
  if (cursor === null) throw new ScimError("invalid_cursor", "The cursor is not one that this server issued.");
  if (cursor.fingerprint !== fingerprint)
    throw new ScimError("invalid_cursor", "The cursor belongs to another filter, sortBy or sortOrder.");
  if (now - cursor.issuedAt > lifetimeSeconds * 1000)
    throw new ScimError("expired_cursor", `The cursor is older than ${lifetimeSeconds} seconds; begin again.`);
  return cursor;
}

function readCursor(text: string): Cursor | null {
  if (text.length > 4096 || !/^[\w-]+$/.test(text)) return null;
  let parts: unknown;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    parts = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return null;
  }
  if (!Array.isArray(parts) || parts.length !== 5) return null;
  const [fingerprint, value, key, direction, issuedAt]: unknown[] = parts;
  const isKey = value === null || typeof value === "string" || typeof value === "number";
  if (typeof fingerprint !== "string" || !isKey) return null;
  if (!Number.isSafeInteger(key) || typeof key !== "number" || typeof issuedAt !== "number") return null;
  if (direction !== 0 && direction !== 1) return null;
  return { fingerprint, value, key, direction: direction === 1 ? "next" : "previous", issuedAt };
}
