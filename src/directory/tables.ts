import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { JsonObject } from "../scim/json.ts";

/** The users that came through a setting: SCIM document, and what follows from it. Times in milliseconds. */
export const users = sqliteTable("users", {
  key: integer("user_key").primaryKey(),
  companyKey: integer("company_key").notNull(),
  settingKey: integer("setting_key").notNull(),
  id: text("id").notNull(),
  userName: text("user_name").notNull(),
  userNameKey: text("user_name_key").notNull(),
  externalId: text("external_id"),
  displayName: text("display_name"),
  active: integer("active", { mode: "boolean" }).notNull(),
  email: text("email"),
  emailKey: text("email_key"),
  firstName: text("first_name"),
  lastName: text("last_name"),
  department: text("department"),
  phoneNumber: text("phone_number"),
  /** Values of the company's own fields by key. */
  customFields: text("custom_fields", { mode: "json" }).notNull().default({}).$type<JsonObject>(),
  document: text("document").notNull(),
  foldedDocument: text("folded_document"),
  extensions: text("extensions"),
  /** When its deactivation was counted among its setting's; null while it is active, or was deactivated uncounted. */
  leftAt: integer("left_at"),
  version: integer("version").notNull(),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

/** The e-mail addresses of users, folded: what a filter on `emails` looks up. */
export const userEmails = sqliteTable("user_emails", {
  settingKey: integer("setting_key").notNull(),
  valueKey: text("value_key").notNull(),
  userKey: integer("user_key").notNull(),
  typeKey: text("type_key").notNull(),
});

/** The groups of identity providers. Times in milliseconds. */
export const groups = sqliteTable("groups", {
  key: integer("group_key").primaryKey(),
  companyKey: integer("company_key").notNull(),
  settingKey: integer("setting_key").notNull(),
  id: text("id").notNull(),
  displayName: text("display_name").notNull(),
  displayNameKey: text("display_name_key").notNull(),
  externalId: text("external_id"),
  /** Its SCIM document as JSON text, without members. */
  document: text("document").notNull(),
  foldedDocument: text("folded_document"),
  extensions: text("extensions"),
  /** How many users are its members; a commit adds to it. */
  memberCount: integer("member_count").notNull().default(0),
  /** The target group that mirrors it while its setting synchronises groups. */
  targetGroupKey: integer("target_group_key"),
  version: integer("version").notNull(),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

/** Which users are members of which groups. */
export const groupMembers = sqliteTable("group_members", {
  groupKey: integer("group_key").notNull(),
  userKey: integer("user_key").notNull(),
});

/** Which groups are members of which groups. */
export const groupSubgroups = sqliteTable("group_subgroups", {
  groupKey: integer("group_key").notNull(),
  subgroupKey: integer("subgroup_key").notNull(),
});
