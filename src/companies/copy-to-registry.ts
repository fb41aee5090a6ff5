import { type Database, openDatabases, openRegistry, REGISTRY } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import { runRead, selectRows, sendBatch } from "../platform/read-batch.ts";
import { retry } from "../platform/retry.ts";
import { literal, type Sql, sql } from "../platform/sql.ts";

/** Companies that are brought along at once. */
const AT_ONCE = 100;

/** A company as its own database has it, at the commit of a number. */
interface Named {
  key: number;
  name: string;
  externalId: string | null;
  metadata: string;
  deletedAt: number | null;
  commitNo: number;
}

const SELECT = sql`SELECT company_key AS key, name, external_id AS externalId, metadata, deleted_at AS deletedAt, commit_no AS commitNo
  FROM companies WHERE is_to_copy = 1 ORDER BY company_key LIMIT ${literal(AT_ONCE)}`;

function copy({ name, externalId, metadata, deletedAt, key }: Named): Sql {
  return sql`UPDATE companies SET name = ${name}, external_id = ${externalId}, metadata = ${metadata},
    deleted_at = ${deletedAt} WHERE company_key = ${key}`;
}

/** One that was changed again meanwhile is brought along again. */
function endCopying({ key, commitNo }: Named): Sql {
  return sql`UPDATE companies SET is_to_copy = 0 WHERE company_key = ${key} AND commit_no = ${commitNo}`;
}

/** Tells the registry what companies of a directory database are called now, as far as they have changed; gives how many. */
export async function copyToRegistry(env: Env, { d1 }: Database): Promise<number> {
  const changed = await runRead({ d1 }, selectRows<Named>(SELECT));
  if (changed.length === 0) return 0;
  const registry = openRegistry(env).d1;
  await retry(() => sendBatch(registry, changed.map(copy)));
  await retry(() => sendBatch(d1, changed.map(endCopying)));
  return changed.length;
}

/** The same for the database of one company, at once; nothing where the registry itself is it. */
export async function copyCompany(env: Env, database: Database, { shard }: { shard: string }): Promise<void> {
  if (shard !== REGISTRY) await copyToRegistry(env, database);
}

/** The databases whose companies the registry has copies of. */
export function databasesToCopy(env: Env): Database[] {
  return openDatabases(env).slice(1);
}
