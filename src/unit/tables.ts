import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { FollowUpKind } from "./company-config.ts";

/**
 * Work that follows committed decisions, and its place. In SQL it bears the names of when regrouping was all there was: an
 * older Worker, which a deployment or a roll-back lets run on this schema, knows it by them.
 */
export const followUps = sqliteTable("replans", {
  key: integer("replan_key").primaryKey(),
  companyKey: integer("company_key").notNull(),
  kind: text("kind").notNull().$type<FollowUpKind>(),
  /** The key of what it is about, as `FollowUp` says. */
  subjectKey: integer("scope_key").notNull(),
  /** The key of the last user or group that is done. */
  after: integer("after_user_key").notNull().default(0),
  /** The cause of the operation that scheduled it, as JSON. */
  cause: text("cause").notNull(),
  createdAt: integer("created_at").notNull(),
  /** Users or groups that a step was refused for. */
  leftOut: text("left_out", { mode: "json" }).$type<string[]>().notNull().default([]),
  /** The code of the last refusal. */
  refusal: text("refusal"),
  /** Since when it rests because of that (ms); null while it is under way. */
  refusedAt: integer("refused_at"),
});
