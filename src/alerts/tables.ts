import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { AlertFacts, AlertKind, AlertStatus } from "./alert.ts";

/** Alerts, a row for each opening. Times in milliseconds. */
export const alerts = sqliteTable(
  "alerts",
  {
    companyKey: integer("company_key").notNull(),
    id: text("id").notNull(),
    kind: text("kind").notNull().$type<AlertKind>(),
    status: text("status").notNull().$type<AlertStatus>(),
    settingKey: integer("setting_key"),
    subject: text("subject").notNull(),
    facts: text("facts", { mode: "json" }).notNull().$type<AlertFacts>(),
    since: integer("since").notNull(),
    lastSeenAt: integer("last_seen_at").notNull(),
    count: integer("count").notNull(),
    toldAt: integer("told_at"),
    dismissedAt: integer("dismissed_at"),
    closedAt: integer("closed_at"),
  },
  (table) => [primaryKey({ columns: [table.companyKey, table.id] })],
);

/** Writes that were refused and that nothing made good yet. Times in milliseconds. */
export const failingWrites = sqliteTable(
  "failing_writes",
  {
    settingKey: integer("setting_key").notNull(),
    code: text("code").notNull(),
    /** The id of whom it met, or the digest of a name (see `NameDigests`); empty for nobody in particular. */
    subject: text("subject").notNull(),
    /** The digest of the name beside an id. */
    name: text("name"),
    count: integer("count").notNull(),
    firstAt: integer("first_at").notNull(),
    lastAt: integer("last_at").notNull(),
    /** The latest requests, whose ids say when they were. */
    requestIds: text("request_ids", { mode: "json" }).notNull().$type<string[]>(),
  },
  (table) => [primaryKey({ columns: [table.settingKey, table.code, table.subject] })],
);

/** Work that an admin announced, under which no message is sent. Times in milliseconds. */
export const plannedWork = sqliteTable("planned_work", {
  companyKey: integer("company_key").primaryKey(),
  until: integer("until").notNull(),
  note: text("note").notNull(),
  announcedAt: integer("announced_at").notNull(),
});
