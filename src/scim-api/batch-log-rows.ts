import type { LogEntry } from "../log/log-entry.ts";
import { pause } from "../platform/clock.ts";
import type { Env } from "../platform/env.ts";
import { retry } from "../platform/retry.ts";
import { openWriter } from "../writer/open-writer.ts";

/** How long rows wait for others to share a call of the writer with (ms). */
const GATHERING = 200;
/** A call takes at most this many rows. */
const FULL = 100;
/** Rows that wait longer than this (ms) were left behind by a request that ended before its time; the next one takes them along. */
const ABANDONED = 2_000;

interface Gathering {
  since: number;
  entries: LogEntry[];
}

/**
 * The rows that this isolate is about to hand over, by company: a call of the Durable Object for each read would cost as
 * much as the read. Rows are plain data and name their setting; a company's rows go to its own writer only.
 */
const gatherings = new Map<string, Gathering>();

/**
 * Hands a row of the provisioning log to its company's writer, together with those that come shortly after. Gives the
 * work to be waited for after the answer; null when an earlier request's work takes the row along.
 */
export function gatherLog(env: Env, companyId: string, entry: LogEntry, now: number): Promise<void> | null {
  const open = gatherings.get(companyId);
  const isAbandoned = open !== undefined && now - open.since > ABANDONED;
  if (open !== undefined && !isAbandoned && open.entries.length < FULL) {
    open.entries.push(entry);
    return null;
  }
  const gathering = { since: now, entries: isAbandoned ? [...open.entries, entry] : [entry] };
  gatherings.set(companyId, gathering);
  return handOver(env, companyId, gathering);
}

async function handOver(env: Env, companyId: string, gathering: Gathering): Promise<void> {
  await pause(GATHERING);
  if (gatherings.get(companyId) === gathering) gatherings.delete(companyId);
  const { entries } = gathering;
  const requestId = entries[0]?.id ?? "";
  const cause = { requestId, actor: "scim" as const, settingId: entries[0]?.settingId ?? null, provider: null };
  const request = { operation: { kind: "log" as const, entries }, cause };
  try {
    // Twice does no harm: a row that the writer wrote before it died stays as it is.
    const result = await retry(() => openWriter(env, companyId).write(companyId, request));
    // A company that is gone has no log any more; one that is too busy loses these rows.
    if (result.ok || result.code === "no_such_company") return;
  } catch {
    // Told below, like a refusal.
  }
  console.error(
    JSON.stringify({ level: "error", room: "scim-api", lostLogEntry: requestId, lostLogEntries: entries.length }),
  );
}
