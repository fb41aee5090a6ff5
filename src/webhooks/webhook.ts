import type { FailureCode } from "./delivery-failure.ts";
import type { webhookDeliveries } from "./tables.ts";

/** What a webhook's courier is doing; `failing` lasts until an operator resumes it. */
type WebhookStatus = "active" | "failing" | "disabled";

/** A webhook as operators see it; times are milliseconds since 1970. */
export interface Webhook {
  key: number;
  id: string;
  url: string;
  /** Null for all types. */
  types: string[] | null;
  isEnabled: boolean;
  isFailing: boolean;
  /** The last change that it has received or that its types leave out. */
  cursor: number;
  /** The mark of that change. */
  cursorMark: string | null;
  /** How many changes follow the cursor. */
  behind: number;
  /** How many of them it is told of; where more follow than are looked at, at least so many. */
  waiting: { count: number; isLeast: boolean };
  failedAttempts: number;
  firstFailedAt: number | null;
  /** What went wrong last; its code is null where an earlier version of Rollcall wrote it. */
  failure: { code: FailureCode | null; detail: string } | null;
  nextAttemptAt: number | null;
  lastDeliveredAt: number | null;
  createdAt: number;
  secrets: { createdAt: number; expiresAt: number | null }[];
}

/** What came of delivering one change; times are milliseconds since 1970. */
export type Delivery = Omit<typeof webhookDeliveries.$inferSelect, "webhookKey">;

/** Where a webhook goes on: after its cursor, before the oldest change kept, or after the newest. */
export type ResumePoint = "cursor" | "oldest" | "now";

/** The status that follows from the two switches. */
export function statusOf({ isEnabled, isFailing }: Pick<Webhook, "isEnabled" | "isFailing">): WebhookStatus {
  if (!isEnabled) return "disabled";
  return isFailing ? "failing" : "active";
}
