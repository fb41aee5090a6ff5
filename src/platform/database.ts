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
export function openRegistry({ DB: d1 }: Env): Database {
  let orm: DrizzleD1Database | undefined;
  // Most requests of the SCIM door need no `orm`, and making one costs as much as reading a request's body.
  return {
    d1,
    get orm() {
      orm ??= drizzle(d1);
      return orm;
    },
  };
}

/**
 * Opens the directory database of a company: the one database today. A company's `shard` lets further ones be bound
 * later without moving anybody.
 */
export function openDatabase(env: Env, _company: Placement): Database {
  return openRegistry(env);
}
