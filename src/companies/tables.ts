import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { CompanyMetadata } from "./company.ts";
import type { PeopleDays } from "./people-days.ts";
import type { OwnQuotas } from "./quotas.ts";

/** The companies, with the fence and the counters that only their writers advance. */
export const companies = sqliteTable("companies", {
  key: integer("company_key").primaryKey(),
  id: text("id").notNull(),
  name: text("name").notNull(),
  shard: text("shard").notNull().default("DB"),
  commitNo: integer("commit_no").notNull().default(0),
  commitId: text("commit_id"),
  recentCommits: text("recent_commits").notNull().default(""),
  nextKey: integer("next_key").notNull().default(1),
  changeSeq: integer("change_seq").notNull().default(0),
  storedForm: integer("stored_form").notNull().default(7),
  storedFormAfter: text("stored_form_after").notNull().default(""),
  storedFormCommit: text("stored_form_commit"),
  /** What the operator has set for it alone. */
  ownQuotas: text("quotas", { mode: "json" }).$type<OwnQuotas>(),
  /** The mark of the newest change that the retention has taken. */
  purgedMark: text("purged_mark"),
  externalId: text("external_id"),
  metadata: text("metadata", { mode: "json" }).notNull().default({}).$type<CompanyMetadata>(),
  /** Whether the registry has yet to be told what the company is called. */
  isToCopy: integer("is_to_copy", { mode: "boolean" }).notNull().default(false),
  createdAt: integer("created_at").notNull(),
  deletedAt: integer("deleted_at"),
  /** When the rules of alerts have to look at it again; null for not before something happens. */
  alertsDueAt: integer("alerts_due_at"),
  /** When the next of its enrolments is due, or earlier; null where none has an end. */
  enrolmentsDueAt: integer("enrolments_due_at"),
  /** The commit up to which it is counted how many are enrolled in what. */
  itemsCountedBy: text("items_counted_commit"),
  /** How many people joined and left of late. */
  peopleDays: text("people_days", { mode: "json" }).$type<PeopleDays>(),
});

/** The one-time links that sign somebody in to a company's console: the hash of each secret, and who used it. */
export const consoleLinks = sqliteTable("console_links", {
  secretHash: text("secret_hash").primaryKey(),
  companyKey: integer("company_key").notNull(),
  createdAt: integer("created_at").notNull(),
  expiresAt: integer("expires_at").notNull(),
  usedAt: integer("used_at"),
  usedBy: text("used_by"),
});

/** The sessions of the console: who came in, by what, and until when. Times in milliseconds. */
export const consoleSessions = sqliteTable("console_sessions", {
  id: text("id").primaryKey(),
  secretHash: text("secret_hash").notNull(),
  /** Null for the operator. */
  companyKey: integer("company_key"),
  /** The start of a console link's hash, or the name of an OPERATOR_KEY. */
  entry: text("entry").notNull(),
  createdAt: integer("created_at").notNull(),
  lastSeenAt: integer("last_seen_at").notNull(),
  expiresAt: integer("expires_at").notNull(),
  endedAt: integer("ended_at"),
});

/** How far the rotation to the SESSION_SECRET whose key has this id is. Times in milliseconds. */
export const secretRotations = sqliteTable("secret_rotations", {
  keyId: text("key_id").primaryKey(),
  since: integer("since").notNull(),
  sealedAt: integer("sealed_at"),
  unreadable: integer("unreadable").notNull().default(0),
});

/** Wrong operator keys by hour (hours since 1970). */
export const wrongKeys = sqliteTable("wrong_keys", {
  hour: integer("hour").primaryKey(),
  count: integer("count").notNull(),
});

/** What requests with an Idempotency-Key did, for a day; company 0 has those that made a company. Times in milliseconds. */
export const idempotencyKeys = sqliteTable("idempotency_keys", {
  companyKey: integer("company_key").notNull(),
  key: text("key").notNull(),
  requestHash: text("request_hash").notNull(),
  status: integer("status").notNull(),
  made: text("made", { mode: "json" }).notNull().$type<Record<string, string>>(),
  createdAt: integer("created_at").notNull(),
});
