import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The companies, with the fence and the counters that only their writers advance. */
export const companies = sqliteTable("companies", {
  key: integer("company_key").primaryKey(),
  id: text("id").notNull(),
  name: text("name").notNull(),
  shard: text("shard").notNull().default("DB"),
  commitNo: integer("commit_no").notNull().default(0),
  commitId: text("commit_id"),
  nextKey: integer("next_key").notNull().default(1),
  changeSeq: integer("change_seq").notNull().default(0),
  createdAt: integer("created_at").notNull(),
  deletedAt: integer("deleted_at"),
});
