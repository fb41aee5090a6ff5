import { readKey } from "../platform/list-position.ts";
import { decodeCursor, encodeCursor } from "../platform/opaque-cursor.ts";

/** How cursors of the feed looked before they were bound to their company: the bare place. */
const BARE = /^(0|[1-9]\d{0,14})$/;

/** The cursor of a place in a company's feed. */
export function feedCursor(companyId: string, seq: number): string {
  return encodeCursor(nameOf(companyId), seq);
}

/**
 * The place in a company's feed that a cursor names; null for another company's, another list's or an altered one. A bare
 * place is taken too: readers keep their cursors for weeks, and it leads into the feed of this company only.
 */
export function parseFeedCursor(companyId: string, text: string): number | null {
  if (BARE.test(text)) return Number(text);
  const seq = readKey(decodeCursor(nameOf(companyId), text));
  return seq === undefined || seq < 0 ? null : seq;
}

function nameOf(companyId: string): string[] {
  return [companyId, "changes"];
}
