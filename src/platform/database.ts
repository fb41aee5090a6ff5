import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import type { Env } from "./env.ts";

/** A D1 database: `prepare` and `batch` for set-based SQL, `orm` for plain queries on the tables of a room. */
export interface Database {
  d1: D1Database;
  orm: DrizzleD1Database;
}

/** Where a company's directory lives; `shard` names the binding (today always `DB`). */
export interface Placement {
  shard: string;
}

/** Opens the database that holds the company table itself. */
export function openRegistry(env: Env): Database {
  return { d1: env.DB, orm: drizzle(env.DB) };
}

/**
 * Opens the directory database of a company: the one database today. A company's `shard` lets further ones be bound
 * later without moving anybody.
 */
export function openDatabase(env: Env, _company: Placement): Database {
  return openRegistry(env);
}
