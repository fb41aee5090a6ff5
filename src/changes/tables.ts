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
  userId: text("user_id"),
  /** As the commit wrote them. */
  data: text("data", { mode: "json" }).notNull().$type<Record<string, unknown>>(),
  cause: text("cause", { mode: "json" }).notNull().$type<Record<string, unknown>>(),
  /** Random letters of the commit that made it; null where that was before there were marks. */
  mark: text("mark"),
});
