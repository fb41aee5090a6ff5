import { readKey } from "../platform/list-position.ts";
import { decodeCursor, encodeCursor } from "../platform/opaque-cursor.ts";
import type { FeedPlace } from "./change.ts";
import type { FeedStretch } from "./change-store.ts";

/** How cursors of the feed looked before they were bound to their company: the bare place. */
const BARE = /^(0|[1-9]\d{0,14})$/;

/** The cursor of a place in a company's feed: it names the change there, not only how many came before. */
export function feedCursor(companyId: string, { seq, mark }: FeedPlace): string {
  return encodeCursor(nameOf(companyId), mark === null ? seq : [seq, mark]);
}

/**
 * The place in a company's feed that a cursor names; null for another company's, another list's or an altered one. A bare
 * place is taken too: readers keep their cursors for weeks, and it leads into the feed of this company only.
 */
export function parseFeedCursor(companyId: string, text: string): FeedPlace | null {
  if (BARE.test(text)) return { seq: Number(text), mark: null };
  const decoded = decodeCursor(nameOf(companyId), text);
  const [place, mark]: unknown[] = Array.isArray(decoded) ? decoded : [decoded, null];
  const seq = readKey(place);
  if (seq === undefined || seq < 0 || (mark !== null && typeof mark !== "string")) return null;
  return { seq, mark };
}

/**
 * Why a reader cannot go on from a place in the feed, or null: its change is not kept any more, or was never in this feed,
 * as after a restore. A cursor names the change at its place: one that is not there, or has another mark, is of a feed that
 * is no more.
 */
export function whyLost(
  { seq, mark }: FeedPlace,
  { head, oldest, markThere }: FeedStretch["bounds"],
): "gone" | "epoch_changed" | null {
  const edge = (oldest ?? head + 1) - 1;
  if (seq > head || (seq >= edge && mark !== markThere)) return "epoch_changed";
  return seq < edge ? "gone" : null;
}

function nameOf(companyId: string): string[] {
  return [companyId, "changes"];
}
