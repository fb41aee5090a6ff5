import type { Database } from "../../platform/database.ts";
import type { Env } from "../../platform/env.ts";
import { wakeMessenger } from "./call-messenger.ts";
import { findCompaniesWithMessages } from "./message-store.ts";

/** Messages that should have been sent so long ago have been forgotten (ms). */
const GRACE = 60_000;

/** Wakes the messengers of a database's companies whose messages nobody sends; gives how many. */
export async function sweepMessages(env: Env, database: Database, now: number): Promise<number> {
  const ids = await findCompaniesWithMessages(database, now - GRACE);
  const woken = await Promise.all(ids.map((id) => wakeMessenger(env, id)));
  return woken.filter((isWoken) => isWoken).length;
}
