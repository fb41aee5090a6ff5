import type { Context } from "hono";
import * as z from "zod";
import type { Stretch } from "../platform/byte-budget.ts";
import { decodeCursor, encodeCursor } from "../platform/opaque-cursor.ts";
import type { ApiEnv } from "./api-env.ts";
import { Problem } from "./problem.ts";

/** The query parameters every list takes. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe("How many items a page has at most"),
  cursor: z
    .string()
    .min(1)
    .max(4096)
    .optional()
    .describe("`nextCursor` of the page before; without it the list begins"),
});

/** One page of a list; `nextCursor` is null on the last. */
interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** Where a page begins, and how far it goes: what a list's store is asked for, and what it is answered with. */
interface Paging<Position> {
  limit: number;
  /** One row more than the page shows tells whether there is another page. */
  take: number;
  /** The position of the last row shown before; null at the beginning. */
  after: Position | null;
  /** The cursor of a position. */
  cursorOf(position: Position): string;
  /** The page of rows that were read, each with a position of its own. */
  answer<Row, Item>(
    rows: readonly Row[] | Stretch<Row>,
    positionOf: (row: Row) => Position,
    present: (row: Row) => Item,
  ): Page<Item>;
}

/**
 * Reads the page that a validated query asks for. Its cursors belong to the path, which names company and list, and to the
 * rest of the query and the `body` of a list that is asked for by POST; 400 for any other cursor.
 */
export function readPaging<Position>(
  c: Context<ApiEnv>,
  { limit, cursor, ...rest }: z.output<typeof pageQuery>,
  readPosition: (decoded: unknown) => Position | undefined,
  body?: unknown,
): Paging<Position> {
  const name = [c.req.path, rest, ...(body === undefined ? [] : [body])];
  const after = cursor === undefined ? null : readPosition(decodeCursor(name, cursor));
  if (after === undefined) throw foreignCursor();
  const cursorOf = (position: Position) => encodeCursor(name, position);
  return {
    limit,
    take: limit + 1,
    after,
    cursorOf,
    answer: (read, positionOf, present) => {
      const { rows, isCut } = "rows" in read ? read : { rows: read, isCut: false };
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      const more = (isCut || rows.length > limit) && last !== undefined;
      return { items: shown.map(present), nextCursor: more ? cursorOf(positionOf(last)) : null };
    },
  };
}

/** A list that is always whole. */
export function toWholePage<Item>(items: Item[]): Page<Item> {
  return { items, nextCursor: null };
}

function foreignCursor(): Problem {
  return new Problem(
    "invalid_cursor",
    "This cursor is not one that this list gave for this query: start again without a cursor.",
    {
      errors: [{ pointer: "/cursor", detail: "is not a cursor of this list" }],
    },
  );
}
