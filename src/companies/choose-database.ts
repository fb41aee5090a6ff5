import { type Database, listShards, openDatabase } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import { sendBatch } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";
import { describeError } from "../platform/transient-fault.ts";

/** What a company of five hundred people comes to (bytes): each company counts as that besides, since a new one has nothing yet. */
const EXPECTED_SIZE = 1_500_000;

/**
 * Chooses the database of a new company and gives the name of its binding: of those that NEW_COMPANIES_DB names, or else of
 * all that are bound, the one that holds least; of equals the first. One that does not answer is passed over. An Error when
 * none does, or when nothing is bound by a name.
 */
export async function chooseDatabase(env: Env): Promise<string> {
  const named = (env.NEW_COMPANIES_DB ?? "").split(",").flatMap((name) => name.trim() || []);
  const shards = named.length > 0 ? named : listShards(env);
  const databases = shards.map((shard) => ({ shard, database: openDatabase(env, { shard }) }));
  const [only] = shards;
  if (only !== undefined && shards.length === 1) return only;
  const loads = await Promise.all(databases.map(({ shard, database }) => readLoad(database, shard)));
  const [first, ...others] = loads.flatMap((load) => load ?? []);
  if (first === undefined) throw new Error("no database for a new company answers");
  return others.reduce((least, next) => (next.bytes < least.bytes ? next : least), first).shard;
}

/** How much a database holds, in bytes; null when it does not answer. */
async function readLoad({ d1 }: Database, shard: string): Promise<{ shard: string; bytes: number } | null> {
  const statement = sql`SELECT count(*) AS companies FROM companies WHERE shard = ${shard} AND deleted_at IS NULL`;
  try {
    const [answer] = await sendBatch(d1, [statement]);
    const companies = Number(answer?.results[0]?.companies);
    return { shard, bytes: (answer?.meta.size_after ?? 0) + EXPECTED_SIZE * companies };
  } catch (error) {
    const message = "a database was passed over for a new company";
    console.error(JSON.stringify({ level: "error", room: "companies", message, shard, error: describeError(error) }));
    return null;
  }
}
