import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
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
  /** What the operator has set for it alone. */
  ownQuotas: text("quotas", { mode: "json" }).$type<OwnQuotas>(),
  createdAt: integer("created_at").notNull(),
  deletedAt: integer("deleted_at"),
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

/** The console sessions that were signed out, until their cookies would have expired by themselves. */
export const endedSessions = sqliteTable("ended_sessions", {
  sessionHash: text("session_hash").primaryKey(),
  expiresAt: integer("expires_at").notNull(),
});
