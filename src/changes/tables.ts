import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The change feed, by company and place in it. */
export const changes = sqliteTable("changes", {
  companyKey: integer("company_key").notNull(),
  seq: integer("seq").notNull(),
  type: text("type").notNull(),
  /** Milliseconds since 1970. */
  time: integer("time").notNull(),
  subjectKind: text("subject_kind").notNull(),
  subjectId: text("subject_id").notNull(),
  /** The person concerned, unless it is the subject. Rows of before name it there too. */
  userId: text("user_id"),
  /** As the commit wrote it. */
  data: text("data", { mode: "json" }).notNull().$type<Record<string, unknown>>(),
  /** Empty where it is in the columns at the end. */
  cause: text("cause", { mode: "json" }).notNull().$type<Record<string, unknown>>(),
  /** Random letters of the commit that made it; null where that was before there were marks. */
  mark: text("mark"),
  /** The request of an identity provider that made it, the setting it came through, its provider then, and the rule that asked for it. */
  requestId: text("request_id"),
  settingKey: integer("setting_key"),
  provider: text("provider"),
  rule: text("rule"),
});
