import { getTableColumns } from "drizzle-orm";
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { omit } from "../platform/columns.ts";
import type { SafeguardKind } from "../settings/safeguards.ts";
import type { DecidedBy, HoldCause } from "./hold.ts";
import type { PackedCounts } from "./pack-loss-counts.ts";

/** Effects that wait for an admin. */
export const holds = sqliteTable("holds", {
  key: integer("hold_key").primaryKey(),
  companyKey: integer("company_key").notNull(),
  settingKey: integer("setting_key").notNull(),
  id: text("id").notNull(),
  kind: text("kind").notNull().$type<SafeguardKind>(),
  status: text("status", { enum: ["open", "closed"] }).notNull(),
  version: integer("version").notNull(),
  people: integer("people").notNull(),
  released: integer("released").notNull(),
  kept: integer("kept").notNull(),
  dissolved: integer("dissolved").notNull(),
  causes: text("causes", { mode: "json" }).notNull().$type<HoldCause[]>(),
  openedAt: integer("opened_at").notNull(),
  closedAt: integer("closed_at"),
  decidedAt: integer("decided_at"),
  decidedBy: text("decided_by").$type<DecidedBy>(),
});

/** What was carried out in the hour before a hold opened. */
export const holdApplied = sqliteTable(
  "hold_applied",
  {
    holdKey: integer("hold_key").notNull(),
    userKey: integer("user_key").notNull(),
    /** 0 for somebody who was set inactive or deleted. */
    targetGroupKey: integer("target_group_key").notNull(),
    kind: text("kind", { enum: ["leaver", "manual", "everyone", "ungrouped", "field", "idp"] }).notNull(),
    sourceKey: integer("source_key").notNull(),
    detail: text("detail").notNull(),
    lostAt: integer("lost_at").notNull(),
    undoneAt: integer("undone_at"),
  },
  (table) => [primaryKey({ columns: [table.holdKey, table.userKey, table.targetGroupKey] })],
);

/** What a decision does with the effects of a hold: `expire` releases deletions that have waited for too long. */
export const DECISIONS = ["release", "keep", "undo", "expire"] as const;

/** Decisions that are being carried out in steps. */
export const holdDecisions = sqliteTable("hold_decisions", {
  key: integer("decision_key").primaryKey(),
  companyKey: integer("company_key").notNull(),
  holdKey: integer("hold_key").notNull(),
  action: text("action", { enum: DECISIONS }).notNull(),
  version: integer("version").notNull(),
  userIds: text("user_ids"),
});

/** Who was lost within the last hour. */
export const brakes = sqliteTable("brakes", {
  settingKey: integer("setting_key").primaryKey(),
  counts: text("counts", { mode: "json" }).notNull().$type<PackedCounts>(),
});

/** What a `Hold` has of its row. */
export const HOLD = omit(getTableColumns(holds), "companyKey");
