import type { Stretch } from "../platform/byte-budget.ts";
import { decodeCursor, encodeCursor } from "../platform/opaque-cursor.ts";
import type { ConsoleContext } from "./console-env.ts";

/** One page of a list; `next` is the cursor of the page after it, null on the last. */
export interface ListPage<Row> {
  rows: Row[];
  next: string | null;
  /** The cursor by which the page before it is read, null on the first; absent where a list is walked one way only. */
  previous?: string | null;
}

/** How many rows a list shows at once. */
export const PAGE_SIZE = 50;

/**
 * The position in a cursor of the list whose first page has this URL, which names the company, the list and its filters;
 * null when there is none, or it is not one of this list: the list then starts at its beginning.
 */
export function readCursor<At>(
  url: string,
  text: string | undefined,
  readPosition: (decoded: unknown) => At | undefined,
): At | null {
  return text === undefined ? null : (readPosition(decodeCursor([url], text)) ?? null);
}

/** A page of rows that were read with one more than `size`, of the list whose first page has this URL. */
export function toPage<Row>(
  url: string,
  read: readonly Row[] | Stretch<Row>,
  size: number,
  positionOf: (row: Row) => unknown,
): ListPage<Row> {
  const { rows, isCut } = "rows" in read ? read : { rows: read, isCut: false };
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  const hasMore = (isCut || rows.length > size) && last !== undefined;
  return { rows: shown, next: hasMore ? encodeCursor([url], positionOf(last)) : null };
}

/** Where a page of a list that is walked both ways begins: after a place, before one, or at the list's own beginning. */
export interface Edges<At> {
  after: At | null;
  before: At | null;
}

/** The place in the query of a list that is walked both ways, whose first page has this URL; of two the one before counts. */
export function readEdges<At>(
  c: ConsoleContext,
  url: string,
  readPosition: (decoded: unknown) => At | undefined,
): Edges<At> {
  const before = readCursor(url, c.req.query("before"), readPosition);
  return { before, after: before === null ? readCursor(url, c.req.query("after"), readPosition) : null };
}

/** Which rows the page at such an edge is read with: one more than it shows, back from its place where it goes back. */
export function readingPlaceOf<At>({ after, before }: Edges<At>): { take: number; after: At | null; isBack: boolean } {
  return { take: PAGE_SIZE + 1, after: before ?? after, isBack: before !== null };
}

/** Whether no page comes before one of a list that is walked both ways. */
export function isFirstPage<At>(page: ListPage<unknown>, { after }: Edges<At>): boolean {
  return after === null && (page.previous ?? null) === null;
}

/**
 * A page of rows that were read with one more than `size`: those after a place in the list's order, or those before one, read
 * the other way round.
 */
export function toPageBothWays<Row, At>(
  url: string,
  read: readonly Row[] | Stretch<Row>,
  { after, before }: Edges<At>,
  positionOf: (row: Row) => At,
  size = PAGE_SIZE,
): ListPage<Row> {
  const { rows: shown, next: further } = toPage(url, read, size, positionOf);
  const rows = before === null ? shown : shown.toReversed();
  const cursorOf = (row: Row | undefined) => (row === undefined ? null : encodeCursor([url], positionOf(row)));
  if (before === null) return { rows, next: further, previous: after === null ? null : cursorOf(rows[0]) };
  return { rows, next: cursorOf(rows.at(-1)), previous: further === null ? null : cursorOf(rows[0]) };
}
