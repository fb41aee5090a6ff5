import { columnsExcept, columnsOf } from "../../platform/columns.ts";
import type { Database } from "../../platform/database.ts";
import { type Read, selectAll, selectFirst, sendBatch } from "../../platform/read-batch.ts";
import { retry } from "../../platform/retry.ts";
import { type Sql, sql } from "../../platform/sql.ts";
import { confirmationLinks, messageChannels } from "../tables.ts";
import type { AskedLink } from "./confirmation-links.ts";

const COLUMNS = columnsExcept(messageChannels, "m", ["companyKey", "nonce"]);
const NONCE = columnsOf(messageChannels, "m", ["nonce"]);
const LINK = columnsOf(confirmationLinks, "k", ["address", "askedAt"]);

/** A channel as it is shown; times in milliseconds. */
export type Channel = ReturnType<typeof COLUMNS.read>;

/** Whether messages go to a channel: a chat takes them at once, an e-mail address once it is confirmed. */
export function isReady({ kind, confirmedAt }: Pick<Channel, "kind" | "confirmedAt">): boolean {
  return kind === "chat" || confirmedAt !== null;
}

/** Reads the channels of a company in the order they were made. */
export function selectChannels(companyKey: number | Sql): Read<Channel[]> {
  return selectAll(
    sql`SELECT ${COLUMNS.list} FROM message_channels m WHERE m.company_key = ${companyKey} ORDER BY m.id`,
    COLUMNS.read,
  );
}

/** A channel with what the link that confirms it is good for. */
export interface ConfirmableChannel extends Channel {
  nonce: string | null;
}

const SELECT_CONFIRMABLE = sql`SELECT ${COLUMNS.list}, ${NONCE.list} FROM message_channels m`;

function toConfirmable(row: unknown): ConfirmableChannel {
  return { ...COLUMNS.read(row), ...NONCE.read(row) };
}

/** Reads the same with what their links are good for. */
export function selectConfirmableChannels(companyKey: number | Sql): Read<ConfirmableChannel[]> {
  return selectAll(sql`${SELECT_CONFIRMABLE} WHERE m.company_key = ${companyKey} ORDER BY m.id`, toConfirmable);
}

/** Reads one channel of a company with what its link is good for, or null. */
export function selectChannel(companyKey: number, id: string): Read<ConfirmableChannel | null> {
  return selectFirst(sql`${SELECT_CONFIRMABLE} WHERE m.company_key = ${companyKey} AND m.id = ${id}`, toConfirmable);
}

/** Reads the links that a company asked for since `since` (ms). */
export function selectAskedLinks(companyKey: number | Sql, since: number): Read<AskedLink[]> {
  return selectAll(
    sql`SELECT ${LINK.list} FROM confirmation_links k WHERE k.company_key = ${companyKey} AND k.asked_at > ${since}`,
    LINK.read,
  );
}

/** Keeps what came of sending to a channel. */
export async function recordSending(
  { d1 }: Pick<Database, "d1">,
  companyKey: number,
  { id, failure, now }: { id: string; failure: string | null; now: number },
): Promise<void> {
  await retry(() => sendBatch(d1, [recordSent(companyKey, { id, failure, now })]));
}

/** The statement of that. */
export function recordSent(
  companyKey: number,
  { id, failure, now }: { id: string; failure: string | null; now: number },
): Sql {
  return failure === null
    ? sql`UPDATE message_channels SET last_sent_at = ${now}, failure = NULL, failed_at = NULL
        WHERE company_key = ${companyKey} AND id = ${id}`
    : sql`UPDATE message_channels SET failure = ${failure}, failed_at = ${now}
        WHERE company_key = ${companyKey} AND id = ${id}`;
}
