import { columnsExcept, columnsOf } from "../../platform/columns.ts";
import type { Database } from "../../platform/database.ts";
import { runRead, selectAll, selectValues, sendBatch } from "../../platform/read-batch.ts";
import { retry } from "../../platform/retry.ts";
import { sql } from "../../platform/sql.ts";
import { messageChannels, messages } from "../tables.ts";
import { recordSent } from "./channel-store.ts";
import { planResend } from "./message-retry-schedule.ts";

/** Messages that one round sends. */
const ROUND_SIZE = 20;

const MESSAGE = columnsExcept(messages, "m", ["companyKey", "channelId"]);
const CHANNEL = columnsOf(messageChannels, "c", [
  ...(["id", "kind", "address", "allowsLoopback", "origin", "nonce", "confirmedAt"] as const),
]);

/** A message with where it goes. */
export interface OutgoingMessage extends ReturnType<typeof MESSAGE.read> {
  channel: ReturnType<typeof CHANNEL.read>;
}

/** What is to be sent for a company now, and when the next is (ms). */
export async function findDueMessages(
  database: Database,
  companyKey: number,
  now: number,
): Promise<{ due: OutgoingMessage[]; nextAt: number | null }> {
  const waiting = await runRead(
    database,
    selectAll(
      sql`SELECT ${MESSAGE.list}, ${CHANNEL.list}
        FROM messages m JOIN message_channels c ON c.company_key = m.company_key AND c.id = m.channel_id
        WHERE m.company_key = ${companyKey} ORDER BY m.next_attempt_at LIMIT ${ROUND_SIZE + 1}`,
      (row): OutgoingMessage => ({ ...MESSAGE.read(row), channel: CHANNEL.read(row) }),
    ),
  );
  const due = waiting.filter(({ nextAttemptAt }) => nextAttemptAt <= now).slice(0, ROUND_SIZE);
  return { due, nextAt: waiting[due.length]?.nextAttemptAt ?? null };
}

/** Keeps what came of an attempt: a message that went out, or was given up, is gone. */
export async function recordAttempt(
  { d1 }: Database,
  companyKey: number,
  message: OutgoingMessage,
  { failure, now }: { failure: string | null; now: number },
): Promise<void> {
  const nextAt = failure === null ? null : planResend(message, now);
  const own =
    nextAt === null
      ? sql`DELETE FROM messages WHERE message_key = ${message.key}`
      : sql`UPDATE messages SET attempts = attempts + 1, next_attempt_at = ${nextAt} WHERE message_key = ${message.key}`;
  const sent = recordSent(companyKey, { id: message.channel.id, failure, now });
  await retry(() => sendBatch(d1, [own, sent]));
}

/** The ids of up to 200 companies with messages that were due before `time` (ms). */
export async function findCompaniesWithMessages({ d1 }: Pick<Database, "d1">, time: number): Promise<string[]> {
  const statement = sql`SELECT DISTINCT c.id FROM messages m JOIN companies c ON c.company_key = m.company_key
    WHERE m.next_attempt_at < ${time} LIMIT 200`;
  return runRead({ d1 }, selectValues<string>(statement));
}
