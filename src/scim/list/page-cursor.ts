import { printFilter } from "../filter/parse-filter.ts";
import { printPath } from "../schema/attribute-name.ts";
import type { ResourceType } from "../schema/schema.ts";
import { ScimError } from "../scim-error.ts";
import type { ListQuery } from "./list-query.ts";

/** How long a cursor stays good, in seconds; advertised as `cursorTimeout` (RFC 9865 section 4). */
export const CURSOR_LIFETIME_SECONDS = 3600;

/** What a cursor says besides where a page of a walk ended: which way the walk goes, and when it was handed out (ms). */
export interface CursorFacts {
  direction: "next" | "previous";
  issuedAt: number;
}

/** Names a query for its cursors: the resource types, the filter as understood, the sort attribute and order. */
export function queryName(
  types: readonly ResourceType[],
  query: Pick<ListQuery, "filter" | "sortBy" | "sortOrder">,
): string[] {
  return [
    types.map(({ name }) => name).join(" "),
    query.filter === undefined ? "" : printFilter(query.filter),
    query.sortBy === undefined ? "" : printPath(query.sortBy),
    query.sortBy === undefined ? "" : query.sortOrder,
  ];
}

/**
 * Reads the facts of a decoded cursor, undefined where the list could not decode it: 400 invalidCursor when it is not one
 * of this list, 400 expiredCursor when it is older than its lifetime (RFC 9865 section 2.3). `now` is in milliseconds.
 */
export function readCursorFacts(decoded: unknown, now: number): CursorFacts {
  if (typeof decoded !== "object" || decoded === null || !("direction" in decoded) || !("issuedAt" in decoded))
    throw invalidCursor();
  const { direction, issuedAt } = decoded;
  if ((direction !== "next" && direction !== "previous") || typeof issuedAt !== "number") throw invalidCursor();
  if (now - issuedAt > CURSOR_LIFETIME_SECONDS * 1000)
    throw new ScimError("expired_cursor", `The cursor is older than ${CURSOR_LIFETIME_SECONDS} seconds; begin again.`);
  return { direction, issuedAt };
}

/** The refusal of a cursor that this list did not hand out (RFC 9865 section 2.3). */
export function invalidCursor(): ScimError {
  return new ScimError(
    "invalid_cursor",
    "The cursor is not one that this list handed out for this filter, sortBy and sortOrder; begin again without it.",
  );
}
