import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The provisioning log: a row for each SCIM request. Times in milliseconds. */
export const provisioningLog = sqliteTable("provisioning_log", {
  key: integer("log_key").primaryKey(),
  companyKey: integer("company_key").notNull(),
  settingKey: integer("setting_key").notNull(),
  id: text("id").notNull(),
  time: integer("time").notNull(),
  method: text("method").notNull(),
  path: text("path").notNull(),
  resourceType: text("resource_type").$type<"User" | "Group">(),
  resourceId: text("resource_id"),
  label: text("label"),
  status: integer("status").notNull(),
  code: text("code"),
  scimType: text("scim_type"),
  detail: text("detail"),
  duration: integer("duration").notNull(),
  requestBody: text("request_body"),
  responseBody: text("response_body"),
  notes: text("notes", { mode: "json" }).notNull().default([]).$type<string[]>(),
});

/** What users were called before, folded, as long as the log may name them so. */
export const formerNames = sqliteTable("former_names", {
  userKey: integer("user_key").notNull(),
  name: text("name").notNull(),
  companyKey: integer("company_key").notNull(),
  lostAt: integer("lost_at").notNull(),
});
