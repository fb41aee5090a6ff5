import { DAY } from "../platform/clock.ts";
import { columnsOf } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import { runRead, selectFirst, sendBatch } from "../platform/read-batch.ts";
import { retry } from "../platform/retry.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import { idempotencyKeys } from "./tables.ts";

/** How long it is known what a request with an Idempotency-Key did (ms). */
export const KEY_RETENTION = DAY;

/** A statement of this store, for the batch of an act. */
export type Statement = Sql;

/** Whose keys they are that made a company. */
export const NO_COMPANY = 0;

/** A request that asked to be carried out once: its key, the hash of what it asks, and the status it is answered with. */
export interface OnceRequest {
  key: string;
  hash: string;
  status: number;
  /** The ids of what it makes, as far as they are known before. */
  made: Record<string, string>;
}

/** What is known of an earlier request with the same key. */
export type RequestDone = ReturnType<typeof KEPT.read>;

const KEPT = columnsOf(idempotencyKeys, "k", ["requestHash", "status", "made"]);

/** What a company's request with a key did within the last day; null for nothing. */
export function findRequestDone(
  database: Database,
  companyKey: number,
  key: string,
  now: number,
): Promise<RequestDone | null> {
  const statement = sql`SELECT ${KEPT.list} FROM idempotency_keys k
    WHERE k.company_key = ${companyKey} AND k.key = ${key} AND k.created_at > ${now - KEY_RETENTION}`;
  return runRead(database, selectFirst(statement, KEPT.read));
}

/**
 * The statement that saves under its key what a request did, for the batch of the act itself. The batch fails by the NOT NULL of `status`
 * where another request has had the same key within the day: none of the two is carried out twice.
 * With `ifChanged` it saves nothing where the statement before it changed nothing.
 */
export function saveIdempotencyKey(
  companyKey: number,
  { key, hash, status, made }: OnceRequest,
  now: number,
  { ifChanged } = { ifChanged: false },
): Sql {
  // A condition that is always met tells SQLite where the SELECT ends.
  const condition = rawSql(ifChanged ? "changes() > 0" : "TRUE");
  return sql`INSERT INTO idempotency_keys (company_key, key, request_hash, status, made, created_at)
    SELECT ${companyKey}, ${key}, ${hash}, ${status}, ${JSON.stringify(made)}, ${now} WHERE ${condition}
    ON CONFLICT (company_key, key) DO UPDATE SET
      status = CASE WHEN idempotency_keys.created_at <= ${now - KEY_RETENTION}
        OR (idempotency_keys.request_hash = excluded.request_hash AND idempotency_keys.made = excluded.made)
        THEN excluded.status END,
      request_hash = excluded.request_hash, made = excluded.made, created_at = excluded.created_at`;
}

/** Saves by itself what had no batch to be saved in, since it changed nothing. */
export async function saveAlone({ d1 }: Database, statements: readonly Statement[]): Promise<void> {
  await retry(() => sendBatch(d1, statements));
}

/** Whether a batch failed since another request with the same key was carried out meanwhile. */
export function isTaken(error: unknown): boolean {
  return error instanceof Error && error.message.includes("idempotency_keys.status");
}

/** Forgets requests made before `time` (ms since 1970), some thousands at once. */
export async function purgeIdempotencyKeys({ d1 }: Database, time: number): Promise<void> {
  const old = sql`SELECT company_key, key FROM idempotency_keys WHERE created_at < ${time} LIMIT 5000`;
  await sendBatch(d1, [sql`DELETE FROM idempotency_keys WHERE (company_key, key) IN (${old})`]);
}
