import { toBase64Url } from "../platform/secrets.ts";

/** The position of a list's last shown row: what the next page starts after. */
export type Position = (string | number)[];

/** One page of a list; `next` is null on the last. */
export interface Page<Row> {
  rows: Row[];
  next: string | null;
}

/** How many rows a list shows at once. */
export const PAGE_SIZE = 50;

/** A position as an opaque text for a URL. */
export function encodePosition(position: Position): string {
  return toBase64Url(new TextEncoder().encode(JSON.stringify(position)));
}

/** The position in a URL, or null when there is none or it is not one: the list then starts at its beginning. */
export function decodePosition(text: string | undefined): Position | null {
  if (text === undefined || text === "") return null;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
    const decoded: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (Array.isArray(decoded) && decoded.every((part) => typeof part === "string" || Number.isFinite(part)))
      return decoded;
  } catch {
    // Not base64url or not JSON: the list starts at its beginning.
  }
  return null;
}

/** The key in a position of one number, as lists ordered by their rows' keys have. */
export function decodeKey(text: string | undefined): number | null {
  const [key] = decodePosition(text) ?? [];
  return typeof key === "number" ? key : null;
}

/** A page of rows that were read with one more than `size`. */
export function toPage<Row>(rows: readonly Row[], size: number, positionOf: (row: Row) => Position): Page<Row> {
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > size && last !== undefined ? encodePosition(positionOf(last)) : null };
}
