import * as z from "zod";
import { ALERT_KINDS, ALERT_STATUSES } from "../alerts/alert.ts";
import { CHANNEL_KINDS } from "../webhooks/alert-messages/message-channel.ts";
import { time } from "./answer-shapes.ts";

/** Something that wants an admin. */
export const alertShape = z.object({
  id: z.string(),
  kind: z.enum(ALERT_KINDS),
  status: z.enum(ALERT_STATUSES),
  settingId: z.string().nullable().describe("Null for one that is about the company"),
  title: z.string(),
  detail: z.string(),
  since: time,
  lastSeenAt: time,
  count: z.int().describe("Refused writes, people of a hold; 1 for others"),
  link: z.string().describe("Its page in the console"),
  code: z.string().nullable().describe("Of refused writes: why they were refused"),
  requestIds: z.array(z.string()).describe("Of refused writes: the latest of them, in the provisioning log"),
  dismissedAt: time.nullable(),
  closedAt: time.nullable(),
});

/** Where messages go; an e-mail address takes none before it is confirmed. */
export const channelShape = z.object({
  id: z.string(),
  kind: z.enum(CHANNEL_KINDS),
  to: z.string(),
  status: z.enum(["ready", "unconfirmed"]),
  confirmedAt: time.nullable(),
  lastSentAt: time.nullable(),
  failure: z.string().nullable().describe("Why the latest message could not be sent"),
  createdAt: time,
});

/** What came of a test message. */
export const channelTestShape = z.object({ sent: z.boolean(), failure: z.string().nullable() });

/** Announced work; null values for none. */
export const plannedWorkShape = z.object({ until: time.nullable(), note: z.string().nullable() });
