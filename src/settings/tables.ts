import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { FieldType } from "./fields.ts";
import type { Expected, Safeguards } from "./safeguards.ts";
import type { Criteria, Dialect, Provider, SettingStatus, TargetGroupScope } from "./setting.ts";

/** SCIM settings: one connection to one identity provider each, with its counts and milestones. */
export const scimSettings = sqliteTable("scim_settings", {
  key: integer("setting_key").primaryKey(),
  companyKey: integer("company_key").notNull(),
  id: text("id").notNull(),
  name: text("name").notNull(),
  provider: text("provider").notNull().$type<Provider>(),
  status: text("status").notNull().$type<SettingStatus>(),
  targetGroupKey: integer("target_group_key"),
  targetGroupScope: text("target_group_scope").notNull().default("everyone").$type<TargetGroupScope>(),
  criteria: text("criteria").notNull().$type<Criteria>(),
  criteriaField: text("criteria_field"),
  putWithoutMembers: text("put_without_members").notNull().default("keep").$type<Dialect["putWithoutMembers"]>(),
  showPagination: integer("show_pagination", { mode: "boolean" }).notNull().default(true),
  activeUsers: integer("active_users").notNull().default(0),
  inactiveUsers: integer("inactive_users").notNull().default(0),
  groupCount: integer("group_count").notNull().default(0),
  firstRequestAt: integer("first_request_at"),
  firstUserAt: integer("first_user_at"),
  firstGroupAt: integer("first_group_at"),
  lastRequestAt: integer("last_request_at"),
  createdAt: integer("created_at").notNull(),
  deletedAt: integer("deleted_at"),
  /** Null in rows from before there were any: the usual ones. */
  safeguards: text("safeguards", { mode: "json" }).$type<Safeguards>(),
  expected: text("expected", { mode: "json" }).$type<Expected>(),
  /** The key of the setting whose deleted people wait here. */
  heirOf: integer("heir_of"),
  /** Which of its people are in shadow, by their keys (see shadow.ts): nobody where both are null. */
  shadowAfter: integer("shadow_after"),
  shadowUntil: integer("shadow_until"),
  shadowGroup: text("shadow_group"),
  /** How it is used, as JSON that the rules of alerts read. */
  traffic: text("traffic"),
});

/** The fields a company defined besides the standard ones. */
export const customFields = sqliteTable("custom_fields", {
  companyKey: integer("company_key").notNull(),
  key: text("field_key").notNull(),
  label: text("label").notNull(),
  type: text("type").notNull().$type<FieldType>(),
  createdAt: integer("created_at").notNull(),
});

/** The paths a setting gives its fields where they are not the standard ones. */
export const fieldMappings = sqliteTable("field_mappings", {
  settingKey: integer("setting_key").notNull(),
  field: text("field_key").notNull(),
  path: text("path").notNull(),
});

/** What a row of `tokens` is: a bearer token, a dated secret of an OAuth client, or a trust in another issuer. */
export type CredentialRowKind = "token" | "secret" | "trust";

/**
 * The credentials of a setting, live and revoked, of all three kinds: no secret is in it, and a hash only of the secrets of
 * clients. Times in milliseconds.
 */
export const tokens = sqliteTable("tokens", {
  settingKey: integer("setting_key").notNull(),
  id: text("id").notNull(),
  lastFour: text("last_four").notNull(),
  createdAt: integer("created_at").notNull(),
  expiresAt: integer("expires_at"),
  revokedAt: integer("revoked_at"),
  lastUsedAt: integer("last_used_at"),
  kind: text("kind").notNull().default("token").$type<CredentialRowKind>(),
  /** Of a client's secret. */
  clientId: text("client_id"),
  secretHash: text("secret_hash"),
});

/** OAuth clients (RFC 6749 section 4.4); their secrets are rows of `tokens`. Times in milliseconds. */
export const oauthClients = sqliteTable(
  "oauth_clients",
  {
    settingKey: integer("setting_key").notNull(),
    id: text("id").notNull(),
    name: text("name").notNull(),
    createdAt: integer("created_at").notNull(),
    revokedAt: integer("revoked_at"),
  },
  (table) => [primaryKey({ columns: [table.settingKey, table.id] })],
);

/** Whose assertions the trusts of `tokens` take (RFC 7523), and where their keys are. */
export const oauthTrusts = sqliteTable(
  "oauth_trusts",
  {
    settingKey: integer("setting_key").notNull(),
    id: text("id").notNull(),
    issuer: text("issuer").notNull(),
    subject: text("subject").notNull(),
    audience: text("audience").notNull(),
    jwksUrl: text("jwks_url").notNull(),
  },
  (table) => [primaryKey({ columns: [table.settingKey, table.id] })],
);
