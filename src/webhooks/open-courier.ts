import type { Env } from "../platform/env.ts";

/** The courier of one webhook, as the writer and the doors see it. */
export interface Courier {
  /** Says that there may be new changes; returns at once. */
  poke(webhookKey: number): Promise<void>;
  /** Has it look at its webhook now, whatever it waits for. */
  wake(webhookKey: number): Promise<void>;
}

/** Opens the Durable Object that delivers a webhook. */
export function openCourier(env: Env, webhookKey: number): Courier {
  // The binding's type cannot name the class here without importing the runtime module into every door.
  return env.COURIER.get(env.COURIER.idFromName(String(webhookKey))) as unknown as Courier;
}
