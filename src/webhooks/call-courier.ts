import type { Env } from "../platform/env.ts";
import { openPlaced } from "../platform/place-durable-object.ts";
import { describeError } from "../platform/transient-fault.ts";

/** What the object of a courier answers to. */
interface CourierObject {
  notify(webhookKey: number): Promise<void>;
  wake(webhookKey: number): Promise<void>;
}

function openCourier(env: Env, webhookKey: number): CourierObject {
  return openPlaced(env, env.COURIER, String(webhookKey));
}

/** Notifies a webhook's courier that there may be new changes; throws when it cannot be reached. */
export function notifyCourier(env: Env, webhookKey: number): Promise<void> {
  return openCourier(env, webhookKey).notify(webhookKey);
}

/**
 * Has a webhook's courier look at it now, whatever it waits for; false when it cannot be reached. What it was to do then is
 * in D1, where the sweep finds it.
 */
export async function wakeCourier(env: Env, webhookKey: number): Promise<boolean> {
  try {
    await openCourier(env, webhookKey).wake(webhookKey);
    return true;
  } catch (error) {
    const about = { message: "a courier could not be woken", webhookKey };
    console.error(JSON.stringify({ level: "error", room: "webhooks", ...about, error: describeError(error) }));
    return false;
  }
}
