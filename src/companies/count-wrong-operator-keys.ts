import { gt, sum } from "drizzle-orm";
import type { Database } from "../platform/database.ts";
import { sendBatch } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";
import { wrongKeys } from "./tables.ts";

const HOUR = 3_600_000;
/** How many hours are kept. */
const KEPT_HOURS = 30 * 24;
/** How often an isolate writes its count down (ms): whoever guesses must not make D1 work for each guess. */
const WRITTEN_EVERY = 60_000;
/** So many wrong keys in an hour are told to the Worker's log, each number once. */
const TOLD_AT = [20, 100, 1_000, 10_000, 100_000];

/** Counts wrong operator keys: in the isolate, and about once a minute in the registry. */
export class WrongKeyCounter {
  #pending = 0;
  #writtenAt = Number.NEGATIVE_INFINITY;

  /** Counts one at `now` (ms) from an address; never throws. What an isolate had not written when it ended is not counted. */
  async count({ d1 }: Database, now: number, address: string | null): Promise<void> {
    this.#pending += 1;
    if (now - this.#writtenAt < WRITTEN_EVERY) return;
    const counted = this.#pending;
    this.#pending = 0;
    this.#writtenAt = now;
    try {
      const total = await addCount(d1, Math.floor(now / HOUR), counted);
      if (TOLD_AT.some((mark) => total - counted < mark && mark <= total)) logCount(total, address);
    } catch {
      this.#pending += counted;
    }
  }
}

/** How many wrong operator keys were counted in the last 24 hours. */
export async function countWrongKeys({ orm }: Database, now: number): Promise<number> {
  const isRecent = gt(wrongKeys.hour, Math.floor(now / HOUR) - 24);
  const found = await orm
    .select({ total: sum(wrongKeys.count) })
    .from(wrongKeys)
    .where(isRecent)
    .get();
  return Number(found?.total ?? 0);
}

async function addCount(d1: D1Database, hour: number, count: number): Promise<number> {
  const [added] = await sendBatch(d1, [
    sql`INSERT INTO wrong_keys (hour, count) VALUES (${hour}, ${count})
      ON CONFLICT DO UPDATE SET count = count + ${count} RETURNING count`,
    sql`DELETE FROM wrong_keys WHERE hour < ${hour - KEPT_HOURS}`,
  ]);
  return Number(added?.results[0]?.count ?? count);
}

function logCount(total: number, address: string | null): void {
  const message = `${total} wrong operator keys were sent within this hour`;
  console.error(JSON.stringify({ level: "error", room: "companies", message, lastAddress: address }));
}
