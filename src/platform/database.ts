import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import type { Env } from "./env.ts";
import { patientD1 } from "./retry-d1-reads.ts";

/** A D1 database, with drizzle over it; `sql.ts` says what is for which of them. */
export interface Database {
  d1: D1Database;
  orm: DrizzleD1Database;
}

/** Where a company's directory lives: the name of a database's binding. */
interface Placement {
  shard: string;
}

/** The binding of the registry, which is a directory database too. */
export const REGISTRY = "DB";

/** Opens the database that holds the company table itself. */
export function openRegistry(env: Env): Database {
  return openDatabase(env, { shard: REGISTRY });
}

/** Opens the directory database of a company. An Error says which binding is missing. */
export function openDatabase(env: Env, { shard }: Placement): Database {
  // Bindings beyond `DB` are known to wrangler.toml only; what has such a name there is a database.
  const bound = isShard(shard) ? (env as unknown as Record<string, D1Database | undefined>)[shard] : undefined;
  if (bound === undefined) throw new Error(`no database is bound as ${shard}`);
  const d1 = patientD1(bound);
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

/** Opens every directory database that is bound, the registry first. */
export function openDatabases(env: Env): Database[] {
  return listShards(env).map((shard) => openDatabase(env, { shard }));
}

/** The bindings of all directory databases, the registry's first. */
export function listShards(env: Env): string[] {
  return Object.keys(env).filter(isShard).sort();
}

function isShard(name: string): boolean {
  return /^DB\d*$/.test(name);
}
