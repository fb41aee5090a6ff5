import type { Database } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import { wakeCourier } from "./call-courier.ts";
import { findLaggingWebhooks } from "./webhook-store.ts";

/** Wakes the couriers of a database's webhooks that have work due and did not do it: their notification was lost. Gives how many. */
export async function sweepWebhooks(env: Env, database: Database, now: number): Promise<number> {
  const keys = await findLaggingWebhooks(database, now);
  const woken = await Promise.all(keys.map((key) => wakeCourier(env, key)));
  return woken.filter((isWoken) => isWoken).length;
}
