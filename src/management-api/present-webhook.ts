import type * as z from "zod";
import { feedCursor } from "../changes/feed-cursor.ts";
import { changeId } from "../changes/published-change.ts";
import { isoTime } from "../platform/clock.ts";
import { type Delivery, statusOf, type Webhook } from "../webhooks/webhook.ts";
import type { deliveryShape, webhookShape } from "./webhook-shapes.ts";

/** A webhook as the API shows it: never with a secret. */
export function presentWebhook(webhook: Webhook, companyId: string): z.infer<typeof webhookShape> {
  const { id, url, types, isEnabled, cursor, behind, failedAttempts, firstFailedAt, failure } = webhook;
  return {
    id,
    url,
    types,
    enabled: isEnabled,
    status: statusOf(webhook),
    cursor: feedCursor(companyId, { seq: cursor, mark: webhook.cursorMark }),
    behind,
    failure:
      failure === null
        ? null
        : {
            ...failure,
            attempts: failedAttempts,
            since: isoTime(firstFailedAt),
            nextAttemptAt: isoTime(webhook.nextAttemptAt),
          },
    lastDeliveredAt: isoTime(webhook.lastDeliveredAt),
    secrets: webhook.secrets.map(({ createdAt, expiresAt }) => ({
      createdAt: isoTime(createdAt),
      expiresAt: isoTime(expiresAt),
    })),
    createdAt: isoTime(webhook.createdAt),
  };
}

/** A delivery as the API shows it: its id is the change's, and the `webhook-id` header's. */
export function presentDelivery(delivery: Delivery, companyId: string): z.infer<typeof deliveryShape> {
  const { type, status, attempts, responseStatus, responseBody, errorCode, error, duration } = delivery;
  return {
    id: changeId(companyId, delivery),
    cursor: feedCursor(companyId, delivery),
    type,
    status,
    attempts,
    responseStatus,
    responseBody,
    errorCode,
    error,
    durationMs: duration,
    firstAttemptAt: isoTime(delivery.firstAttemptAt),
    lastAttemptAt: isoTime(delivery.lastAttemptAt),
    deliveredAt: isoTime(delivery.deliveredAt),
    resendRequestedAt: isoTime(delivery.resendAt),
  };
}
