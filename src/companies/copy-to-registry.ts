import { type Database, openDatabases, openRegistry, REGISTRY } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import { runBatch } from "../platform/read-batch.ts";
import { retry } from "../platform/retry.ts";

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

const SELECT = `SELECT company_key AS key, name, external_id AS externalId, metadata, deleted_at AS deletedAt, commit_no AS commitNo
  FROM companies WHERE is_to_copy = 1 ORDER BY company_key LIMIT ${AT_ONCE}`;
const COPY = "UPDATE companies SET name = ?, external_id = ?, metadata = ?, deleted_at = ? WHERE company_key = ?";
/** One that was changed again meanwhile is brought along again. */
const DONE = "UPDATE companies SET is_to_copy = 0 WHERE company_key = ? AND commit_no = ?";

/** Tells the registry what companies of a directory database are called now, as far as they have changed; gives how many. */
export async function copyToRegistry(env: Env, { d1 }: Database): Promise<number> {
  const { results: changed } = await d1.prepare(SELECT).all<Named>();
  if (changed.length === 0) return 0;
  const registry = openRegistry(env).d1;
  const copies = changed.map(({ name, externalId, metadata, deletedAt, key }) =>
    registry.prepare(COPY).bind(name, externalId, metadata, deletedAt, key),
  );
  await retry(() => runBatch(registry, copies));
  await retry(() =>
    runBatch(
      d1,
      changed.map(({ key, commitNo }) => d1.prepare(DONE).bind(key, commitNo)),
    ),
  );
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
