import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { ItemKind } from "./plan-enrolments.ts";

/** The items that target groups enrol their members in. */
export const autoEnrolments = sqliteTable("auto_enrolments", {
  companyKey: integer("company_key").notNull(),
  targetGroupKey: integer("target_group_key").notNull(),
  kind: text("kind").notNull().$type<ItemKind>(),
  itemId: text("item_id").notNull(),
  name: text("name").notNull(),
  createdAt: integer("created_at").notNull(),
});

/** The enrolments of persons, open and withdrawn. Times in milliseconds. */
export const enrolments = sqliteTable("enrolments", {
  key: integer("enrolment_key").primaryKey(),
  companyKey: integer("company_key").notNull(),
  id: text("id").notNull(),
  personKey: text("person_key").notNull(),
  /** The user through whom the person holds it, who may be gone. */
  userKey: integer("user_key").notNull(),
  userId: text("user_id").notNull(),
  kind: text("kind").notNull().$type<ItemKind>(),
  itemId: text("item_id").notNull(),
  name: text("name").notNull(),
  status: text("status").notNull().$type<"active" | "withdrawn">(),
  startedAt: integer("started_at").notNull(),
  withdrawnAt: integer("withdrawn_at"),
  /** The SCIM or API request that started it. */
  requestId: text("request_id"),
});
