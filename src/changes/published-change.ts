import { isoTime } from "../platform/clock.ts";
import type { Change, FeedPlace } from "./change.ts";
import { feedCursor } from "./feed-cursor.ts";

/** The version of a published change's shape; members may be added under the same number, none taken away. */
const SCHEMA_VERSION = 1;

/** A change as the feed and the webhooks show it: both give the same. */
export interface PublishedChange {
  /** `<companyId>-<seq>-<mark>`: the same each time the change is shown or sent, and never given to another one. */
  id: string;
  cursor: string;
  type: string;
  schemaVersion: typeof SCHEMA_VERSION;
  time: string;
  companyId: string;
  subject: { kind: string; id: string };
  data: Record<string, unknown>;
  cause: Record<string, unknown>;
}

/** The id under which a change is published. */
export function changeId(companyId: string, { seq, mark }: FeedPlace): string {
  return mark === null ? `${companyId}-${seq}` : `${companyId}-${seq}-${mark}`;
}

/** The place in the feed that a published id names, or null for another company's id or none. */
export function parseChangeId(companyId: string, id: string): FeedPlace | null {
  const prefix = `${companyId}-`;
  const [, seq, mark = null] = /^([1-9]\d{0,14})(?:-(\w+))?$/.exec(id.slice(prefix.length)) ?? [];
  return id.startsWith(prefix) && seq !== undefined ? { seq: Number(seq), mark } : null;
}

/** A change as the outside sees it. */
export function publishChange(change: Change, companyId: string): PublishedChange {
  const { type, subject, data, cause } = change;
  return {
    id: changeId(companyId, change),
    cursor: feedCursor(companyId, change),
    type,
    schemaVersion: SCHEMA_VERSION,
    time: isoTime(change.time),
    companyId,
    subject,
    data,
    cause,
  };
}
