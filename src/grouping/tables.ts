import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { ReasonKind, TargetGroupSource } from "./target-group.ts";

/** The target groups of companies. Times in milliseconds. */
export const targetGroups = sqliteTable("target_groups", {
  key: integer("target_group_key").primaryKey(),
  companyKey: integer("company_key").notNull(),
  id: text("id").notNull(),
  name: text("name").notNull(),
  nameKey: text("name_key").notNull(),
  source: text("source").notNull().$type<TargetGroupSource>(),
  /** Null: as its source says. */
  keptAs: text("kept_as").$type<TargetGroupSource>(),
  memberCount: integer("member_count").notNull().default(0),
  createdAt: integer("created_at").notNull(),
});

/** The reasons for which users are in target groups: a membership lasts until its last one goes. */
export const targetGroupMembers = sqliteTable("target_group_members", {
  targetGroupKey: integer("target_group_key").notNull(),
  userKey: integer("user_key").notNull(),
  kind: text("kind").notNull().$type<ReasonKind>(),
  settingKey: integer("setting_key").notNull(),
  sourceKey: integer("source_key").notNull(),
  detail: text("detail").notNull(),
  requestId: text("request_id"),
  addedAt: integer("added_at").notNull(),
});
