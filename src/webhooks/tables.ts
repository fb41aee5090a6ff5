import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { FailureCode } from "./delivery-failure.ts";

/** The webhooks of companies; the migration says how far each goes. Times in milliseconds. */
export const webhooks = sqliteTable("webhooks", {
  key: integer("webhook_key").primaryKey(),
  companyKey: integer("company_key").notNull(),
  id: text("id").notNull(),
  url: text("url").notNull(),
  /** Null for all types. */
  types: text("types", { mode: "json" }).$type<string[]>(),
  allowsLoopback: integer("allows_loopback", { mode: "boolean" }).notNull().default(false),
  isEnabled: integer("enabled", { mode: "boolean" }).notNull().default(true),
  isFailing: integer("is_failing", { mode: "boolean" }).notNull().default(false),
  /** The last change that it has received or that its types leave out. */
  cursor: integer("cursor_seq").notNull(),
  revision: integer("revision").notNull().default(1),
  failedAttempts: integer("failed_attempts").notNull().default(0),
  firstFailedAt: integer("first_failed_at"),
  failureCode: text("failure_code").$type<FailureCode>(),
  failure: text("failure"),
  nextAttemptAt: integer("next_attempt_at"),
  lastDeliveredAt: integer("last_delivered_at"),
  createdAt: integer("created_at").notNull(),
});

/** The signing secrets of webhooks, sealed. */
export const webhookSecrets = sqliteTable("webhook_secrets", {
  webhookKey: integer("webhook_key").notNull(),
  id: text("id").notNull(),
  sealed: text("sealed").notNull(),
  createdAt: integer("created_at").notNull(),
  expiresAt: integer("expires_at"),
  /** The key it is known to be sealed under; empty while that is not known. */
  keyId: text("key_id").notNull().default(""),
});

/** What came of delivering each change to a webhook. Times in milliseconds. */
export const webhookDeliveries = sqliteTable("webhook_deliveries", {
  webhookKey: integer("webhook_key").notNull(),
  seq: integer("seq").notNull(),
  type: text("type").notNull(),
  /** The change's. */
  mark: text("mark"),
  status: text("status").notNull().$type<"delivered" | "retrying" | "failed">(),
  attempts: integer("attempts").notNull(),
  responseStatus: integer("response_status"),
  responseBody: text("response_body"),
  errorCode: text("error_code").$type<FailureCode>(),
  error: text("error"),
  duration: integer("duration").notNull(),
  firstAttemptAt: integer("first_attempt_at").notNull(),
  lastAttemptAt: integer("last_attempt_at").notNull(),
  deliveredAt: integer("delivered_at"),
  /** When somebody asked for it to be sent once more. */
  resendAt: integer("resend_at"),
});

/** Where messages to people go. Times in milliseconds. */
export const messageChannels = sqliteTable(
  "message_channels",
  {
    companyKey: integer("company_key").notNull(),
    id: text("id").notNull(),
    kind: text("kind", { enum: ["email", "chat"] }).notNull(),
    address: text("address").notNull(),
    allowsLoopback: integer("allows_loopback", { mode: "boolean" }).notNull().default(false),
    /** How the console is reached by whoever reads the messages. */
    origin: text("origin").notNull(),
    /** What the link that confirms the address is good for, once. */
    nonce: text("nonce"),
    confirmedAt: integer("confirmed_at"),
    lastSentAt: integer("last_sent_at"),
    failure: text("failure"),
    failedAt: integer("failed_at"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.companyKey, table.id] })],
);

/** The links of the last day that ask to confirm an e-mail address. Times in milliseconds. */
export const confirmationLinks = sqliteTable(
  "confirmation_links",
  {
    companyKey: integer("company_key").notNull(),
    /** The digest of the address. */
    address: text("address").notNull(),
    askedAt: integer("asked_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.companyKey, table.address, table.askedAt] })],
);

/** Messages on their way. Times in milliseconds. */
export const messages = sqliteTable("messages", {
  key: integer("message_key").primaryKey(),
  companyKey: integer("company_key").notNull(),
  channelId: text("channel_id").notNull(),
  subject: text("subject").notNull(),
  /** With `{origin}` and, of one that asks to confirm an address, `{confirm}` for what its sender puts in. */
  text: text("text").notNull(),
  confirms: integer("confirms", { mode: "boolean" }).notNull().default(false),
  createdAt: integer("created_at").notNull(),
  attempts: integer("attempts").notNull().default(0),
  nextAttemptAt: integer("next_attempt_at").notNull(),
});
