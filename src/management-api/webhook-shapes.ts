import * as z from "zod";
import { time } from "./answer-shapes.ts";

/**
 * A webhook; `behind` counts the changes after its cursor, `failure` tells of the change it cannot get past, with a `code`
 * out of a closed list (null in what an earlier version wrote).
 */
export const webhookShape = z.object({
  id: z.string(),
  url: z.url(),
  types: z.array(z.string()).nullable(),
  enabled: z.boolean(),
  status: z.enum(["active", "failing", "disabled"]),
  cursor: z.string(),
  behind: z.int(),
  failure: z
    .object({
      code: z.string().nullable(),
      detail: z.string(),
      attempts: z.int(),
      since: time.nullable(),
      nextAttemptAt: time.nullable(),
    })
    .nullable(),
  lastDeliveredAt: time.nullable(),
  secrets: z.array(z.object({ createdAt: time, expiresAt: time.nullable() })),
  createdAt: time,
});

/** A webhook in the answers that carry its new secret. */
export const newWebhookShape = webhookShape.extend({
  secret: z.string().optional().describe("Left out of the answer to a repeated request"),
});

/** What came of delivering one change; `responseBody` is the first 1 KB. */
export const deliveryShape = z.object({
  id: z.string(),
  cursor: z.string(),
  type: z.string(),
  status: z.enum(["delivered", "retrying", "failed"]),
  attempts: z.int(),
  responseStatus: z.int().nullable(),
  responseBody: z.string().nullable(),
  errorCode: z.string().nullable(),
  error: z.string().nullable(),
  durationMs: z.number(),
  firstAttemptAt: time,
  lastAttemptAt: time,
  deliveredAt: time.nullable(),
  resendRequestedAt: time.nullable(),
});
