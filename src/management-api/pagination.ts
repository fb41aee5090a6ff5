import { z } from "zod";
import { toBase64Url } from "../platform/secrets.ts";
import { Problem } from "./problem.ts";

/** The query parameters every list takes. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(2000).optional(),
});

/** One page of a list; `nextCursor` is null on the last. */
export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** An opaque cursor that stands for the position of a list's last shown row. */
export function encodeCursor(position: string | number): string {
  return toBase64Url(new TextEncoder().encode(JSON.stringify([position])));
}

/** The row key in a cursor, null without one; refuses what no list of this kind gave. */
export function readKeyCursor(cursor: string | undefined): number | null {
  const position = decodeCursor(cursor);
  if (position === null || (typeof position === "number" && Number.isSafeInteger(position))) return position;
  throw badCursor();
}

/** The text in a cursor, null without one; refuses what no list of this kind gave. */
export function readTextCursor(cursor: string | undefined): string | null {
  const position = decodeCursor(cursor);
  if (position === null || typeof position === "string") return position;
  throw badCursor();
}

/** A page of the first `limit` of rows that were read with one more than `limit`. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  positionOf: (row: Row) => string | number,
  present: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: shown.map(present), nextCursor: more ? encodeCursor(positionOf(last)) : null };
}

/** A list that is always whole. */
export function toWholePage<Item>(items: Item[]): Page<Item> {
  return { items, nextCursor: null };
}

function decodeCursor(cursor: string | undefined): unknown {
  if (cursor === undefined) return null;
  try {
    const bytes = Uint8Array.from(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
    const decoded: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
    if (Array.isArray(decoded) && decoded.length === 1 && decoded[0] !== null) return decoded[0];
  } catch {
    // Not base64url, not UTF-8 or not JSON: refused below.
  }
  throw badCursor();
}

function badCursor(): Problem {
  return new Problem("invalid_cursor", "This cursor is not one that this list gave: start again without a cursor.", {
    errors: [{ pointer: "/cursor", detail: "is not a cursor of this list" }],
  });
}
