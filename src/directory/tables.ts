import { getTableColumns } from "drizzle-orm";
import { integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { omit } from "../platform/columns.ts";
import type { JsonObject } from "../scim/json.ts";
import { PROGRESS_STATUSES, type Reenrol } from "./enrolment-column-values.ts";

/* Every column of the directory, once. */

/** Users with their mapped fields and SCIM documents. */
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
  fullNameKey: text("full_name_key"),
  department: text("department"),
  phoneNumber: text("phone_number"),
  customFields: text("custom_fields", { mode: "json" }).notNull().$type<JsonObject>(),
  /** The hold by which the user stays active, or stays at all (see holds/); without a version it was kept. */
  heldBy: integer("held_by"),
  heldVersion: integer("held_version"),
  heldAs: text("held_as", { enum: ["inactive", "deleted"] }),
  heldAt: integer("held_at"),
  document: text("document").notNull(),
  foldedDocument: text("folded_document"),
  extensions: text("extensions"),
  /** Whether the enterprise extension is the only one, where no list says which the document holds. */
  isEnterprise: integer("is_enterprise", { mode: "boolean" }),
  version: integer("version").notNull(),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

/** The e-mails of users' documents, to look them up by. */
export const userEmails = sqliteTable(
  "user_emails",
  {
    settingKey: integer("setting_key").notNull(),
    valueKey: text("value_key").notNull(),
    userKey: integer("user_key").notNull(),
    typeKey: text("type_key").notNull(),
  },
  (table) => [primaryKey({ columns: [table.settingKey, table.valueKey, table.userKey, table.typeKey] })],
);

/** The attributes by which providers look users up and which have an index of their own. Times in milliseconds. */
export const attributeIndexes = sqliteTable("attribute_indexes", {
  key: integer("index_key").primaryKey(),
  settingKey: integer("setting_key").notNull(),
  path: text("path").notNull(),
  createdAt: integer("created_at").notNull(),
  completedAt: integer("completed_at"),
  lastUsedAt: integer("last_used_at").notNull(),
});

/** What users have at such attributes, folded. */
export const attributeKeys = sqliteTable(
  "attribute_keys",
  {
    indexKey: integer("index_key").notNull(),
    valueKey: text("value_key").notNull(),
    userKey: integer("user_key").notNull(),
  },
  (table) => [primaryKey({ columns: [table.indexKey, table.valueKey, table.userKey] })],
);

/** The IdP's groups. */
export const groups = sqliteTable("groups", {
  key: integer("group_key").primaryKey(),
  companyKey: integer("company_key").notNull(),
  settingKey: integer("setting_key").notNull(),
  id: text("id").notNull(),
  displayName: text("display_name").notNull(),
  displayNameKey: text("display_name_key").notNull(),
  externalId: text("external_id"),
  document: text("document").notNull(),
  foldedDocument: text("folded_document"),
  extensions: text("extensions"),
  memberCount: integer("member_count").notNull().default(0),
  targetGroupKey: integer("target_group_key"),
  version: integer("version").notNull(),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

/** Which users are members of which groups. */
export const groupMembers = sqliteTable(
  "group_members",
  {
    groupKey: integer("group_key").notNull(),
    userKey: integer("user_key").notNull(),
  },
  (table) => [primaryKey({ columns: [table.groupKey, table.userKey] })],
);

/** Which groups are members of which groups. */
export const groupSubgroups = sqliteTable(
  "group_subgroups",
  {
    groupKey: integer("group_key").notNull(),
    subgroupKey: integer("subgroup_key").notNull(),
  },
  (table) => [primaryKey({ columns: [table.groupKey, table.subgroupKey] })],
);

/** Where a target group came from, and what one is kept as. */
const TARGET_GROUP_SOURCES = ["manual", "everyone", "field", "idp"] as const;

/** What a row may have lost its name as. */
export const NAME_KINDS = ["user", "group", "targetGroup"] as const;

/** The rows whose name is another one's since names are folded otherwise. */
export const lostNames = sqliteTable(
  "lost_names",
  {
    companyKey: integer("company_key").notNull(),
    rowKey: integer("row_key").notNull(),
    kind: text("kind", { enum: NAME_KINDS }).notNull(),
    /** The setting within which the name is one's own, or 0 for the company. */
    ownerKey: integer("scope_key").notNull(),
    nameKey: text("name_key").notNull(),
    lostAt: integer("lost_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.companyKey, table.rowKey] })],
);

/** The platform's target groups. */
export const targetGroups = sqliteTable("target_groups", {
  key: integer("target_group_key").primaryKey(),
  companyKey: integer("company_key").notNull(),
  id: text("id").notNull(),
  name: text("name").notNull(),
  nameKey: text("name_key").notNull(),
  source: text("source", { enum: TARGET_GROUP_SOURCES }).notNull(),
  /** Null in rows from before it was: kept as its source says. */
  keptAs: text("kept_as", { enum: TARGET_GROUP_SOURCES }),
  memberCount: integer("member_count").notNull().default(0),
  createdAt: integer("created_at").notNull(),
});

/** Why users are in target groups: a row for each reason. */
export const targetGroupMembers = sqliteTable(
  "target_group_members",
  {
    targetGroupKey: integer("target_group_key").notNull(),
    userKey: integer("user_key").notNull(),
    kind: text("kind", { enum: ["manual", "everyone", "ungrouped", "field", "idp"] }).notNull(),
    settingKey: integer("setting_key").notNull(),
    sourceKey: integer("source_key").notNull(),
    detail: text("detail").notNull(),
    requestId: text("request_id"),
    addedAt: integer("added_at").notNull(),
    /** The hold by which it stays though its rule gives it no more (see holds/); without a version it was kept. */
    heldBy: integer("held_by"),
    heldVersion: integer("held_version"),
  },
  (table) => [
    primaryKey({ columns: [table.targetGroupKey, table.userKey, table.kind, table.settingKey, table.sourceKey] }),
  ],
);

/** What target groups enrol their members in. */
export const autoEnrolments = sqliteTable(
  "auto_enrolments",
  {
    companyKey: integer("company_key").notNull(),
    targetGroupKey: integer("target_group_key").notNull(),
    kind: text("kind", { enum: ["training", "phishing"] }).notNull(),
    itemId: text("item_id").notNull(),
    name: text("name").notNull(),
    createdAt: integer("created_at").notNull(),
    dueInDays: integer("due_in_days"),
    reenrol: text("reenrol", { mode: "json" }).$type<Reenrol>(),
  },
  (table) => [primaryKey({ columns: [table.companyKey, table.targetGroupKey, table.kind, table.itemId] })],
);

/** What target groups enrolled their members in until somebody stopped it, of each item the last time. */
export const stoppedItems = sqliteTable("stopped_items", {
  key: integer("stop_key").primaryKey(),
  companyKey: integer("company_key").notNull(),
  targetGroupKey: integer("target_group_key").notNull(),
  kind: text("kind", { enum: ["training", "phishing"] }).notNull(),
  itemId: text("item_id").notNull(),
  name: text("name").notNull(),
  dueInDays: integer("due_in_days"),
  reenrol: text("reenrol", { mode: "json" }).$type<Reenrol>(),
  stoppedAt: integer("stopped_at").notNull(),
  requestId: text("request_id").notNull(),
  undoneAt: integer("undone_at"),
});

/** What there is to enrol people in, as the platform says it. */
export const catalogueItems = sqliteTable(
  "catalogue_items",
  {
    companyKey: integer("company_key").notNull(),
    kind: text("kind", { enum: ["training", "phishing"] }).notNull(),
    itemId: text("item_id").notNull(),
    name: text("name").notNull(),
    place: integer("place").notNull(),
  },
  (table) => [primaryKey({ columns: [table.companyKey, table.kind, table.itemId] })],
);

/** What people were ever enrolled in, how many are, and how many enrolments in it have ended. */
export const enrolledItems = sqliteTable(
  "enrolled_items",
  {
    companyKey: integer("company_key").notNull(),
    kind: text("kind", { enum: ["training", "phishing"] }).notNull(),
    itemId: text("item_id").notNull(),
    name: text("name").notNull(),
    active: integer("active").notNull(),
    withdrawn: integer("withdrawn").notNull(),
  },
  (table) => [primaryKey({ columns: [table.companyKey, table.kind, table.itemId] })],
);

/** Persons' enrolments, active and withdrawn. */
export const enrolments = sqliteTable("enrolments", {
  key: integer("enrolment_key").primaryKey(),
  companyKey: integer("company_key").notNull(),
  id: text("id").notNull(),
  personKey: text("person_key").notNull(),
  userKey: integer("user_key").notNull(),
  userId: text("user_id").notNull(),
  kind: text("kind", { enum: ["training", "phishing"] }).notNull(),
  itemId: text("item_id").notNull(),
  name: text("name").notNull(),
  status: text("status", { enum: ["active", "withdrawn"] }).notNull(),
  startedAt: integer("started_at").notNull(),
  withdrawnAt: integer("withdrawn_at"),
  requestId: text("request_id"),
  progressStatus: text("progress_status", { enum: PROGRESS_STATUSES }),
  score: real("score"),
  completedAt: integer("completed_at"),
  dueAt: integer("due_at"),
  /** Whether the feed has told that it was not completed in time. */
  isOverdue: integer("is_overdue", { mode: "boolean" }).notNull().default(false),
  /** Null of a completed one that no target group gives the item of any more. */
  given: integer("given", { mode: "boolean" }).default(true),
});

/** What a `User` has of its row. */
export const USER = omit(
  getTableColumns(users),
  "companyKey",
  "document",
  "foldedDocument",
  "extensions",
  "isEnterprise",
);
/** All of the row of an attribute's index. */
export const ATTRIBUTE_INDEX = getTableColumns(attributeIndexes);
/** What a `Group` has of its row. */
export const GROUP = omit(getTableColumns(groups), "companyKey", "foldedDocument", "extensions");
/** What a `TargetGroup` has of its row. */
export const TARGET_GROUP = omit(getTableColumns(targetGroups), "companyKey");
/** What a `Reason` has of its row. */
export const REASON = omit(getTableColumns(targetGroupMembers), "userKey");
/** What an enrolment has of its row. */
export const ENROLMENT = omit(getTableColumns(enrolments), "companyKey");
/** What an item of a target group has of its row. */
export const AUTO_ENROLMENT = omit(getTableColumns(autoEnrolments), "companyKey", "targetGroupKey", "createdAt");
/** What of an item that was stopped is written when it is. */
export const STOPPED_ITEM = omit(getTableColumns(stoppedItems), "key", "companyKey");
