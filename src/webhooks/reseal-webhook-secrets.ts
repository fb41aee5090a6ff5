import { beginRotation, recordAllSealed } from "../companies/secret-rotation-store.ts";
import { columnsOf } from "../platform/columns.ts";
import { type Database, openDatabases, openRegistry } from "../platform/database.ts";
import { presentKey, type SessionSecrets } from "../platform/derived-keys.ts";
import type { Env } from "../platform/env.ts";
import { type Read, runRead, selectAll, sendBatch } from "../platform/read-batch.ts";
import { retry } from "../platform/retry.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { webhookSecrets } from "./tables.ts";
import { openWebhookSecret, sealWebhookSecret } from "./webhook-secret.ts";

/** Rows that one statement reads, and one batch writes. */
const STEP_ROWS = 100;
/** Steps of one run that seal something anew: it must not take the schedule's whole time. */
const MOST_STEPS = 30;

const COLUMNS = columnsOf(webhookSecrets, "s", ["webhookKey", "id", "sealed"]);

/** A signing secret as it lies in the database, with what its seal is bound to. */
interface SealedRow {
  webhookKey: number;
  id: string;
  sealed: string;
  webhookId: string;
}

/** The same, with its secret sealed under SESSION_SECRET beside it. */
interface ResealedRow extends SealedRow {
  anew: string;
}

/** While SESSION_SECRET_PREVIOUS is set: seals what it opens under SESSION_SECRET, and records how far that is. */
export async function followRotation(env: Env, now: number): Promise<void> {
  if ((env.SESSION_SECRET_PREVIOUS ?? "") === "") return;
  const { id } = await presentKey(env, "webhook secrets");
  const registry = openRegistry(env);
  await beginRotation(registry, id, now);
  let unreadable = 0;
  for (const database of openDatabases(env)) {
    const walk = await resealSecrets(database, env);
    if (!walk.isDone) return;
    unreadable += walk.unreadable;
  }
  await recordAllSealed(registry, id, { now, unreadable });
}

/**
 * Walks over a database's webhook secrets that are not known to be sealed under SESSION_SECRET and seals anew those that can be opened,
 * in steps; `isDone` is false when it stopped before the end.
 */
async function resealSecrets(
  database: Database,
  secrets: SessionSecrets,
): Promise<{ isDone: boolean; unreadable: number }> {
  const { id } = await presentKey(secrets, "webhook secrets");
  let unreadable = 0;
  let after = { webhookKey: 0, id: "" };
  for (let steps = 0; steps < MOST_STEPS; ) {
    const rows = await runRead(database, selectRows(id, after));
    const opened = await Promise.all(rows.map((row) => reseal(row, secrets)));
    const changed = opened.filter((row) => row !== null);
    unreadable += rows.length - changed.length;
    if (changed.length > 0) {
      const statements = changed.map((row) => writeRow(row, id));
      await retry(() => sendBatch(database.d1, statements));
      steps += 1;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < STEP_ROWS) return { isDone: true, unreadable };
    after = last;
  }
  return { isDone: false, unreadable };
}

function selectRows(keyId: string, after: { webhookKey: number; id: string }): Read<SealedRow[]> {
  const rows = sql`SELECT ${COLUMNS.list}, w.id AS webhookId
    FROM webhook_secrets s JOIN webhooks w ON w.webhook_key = s.webhook_key
    WHERE (s.webhook_key, s.id) > (${after.webhookKey}, ${after.id}) AND s.key_id <> ${keyId}
    ORDER BY s.webhook_key, s.id LIMIT ${STEP_ROWS}`;
  // What the statement selects.
  return selectAll(rows, (row) => ({ ...COLUMNS.read(row), webhookId: (row as SealedRow).webhookId }));
}

async function reseal(row: SealedRow, secrets: SessionSecrets): Promise<ResealedRow | null> {
  const secret = await openWebhookSecret(secrets, row.webhookId, row.sealed);
  return secret === null ? null : { ...row, anew: await sealWebhookSecret(secrets, row.webhookId, secret) };
}

function writeRow(row: ResealedRow, keyId: string): Sql {
  return sql`UPDATE webhook_secrets SET sealed = ${row.anew}, key_id = ${keyId}
    WHERE webhook_key = ${row.webhookKey} AND id = ${row.id}`;
}
