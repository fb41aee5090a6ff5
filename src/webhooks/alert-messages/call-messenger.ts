import type { Env } from "../../platform/env.ts";
import { openPlaced } from "../../platform/place-durable-object.ts";
import { describeError } from "../../platform/transient-fault.ts";

/** What the object that sends messages answers to. */
interface MessengerObject {
  wake(companyId: string): Promise<void>;
}

/** Has a company's messages sent; what cannot be told now is in D1, where the sweep finds it. */
export async function wakeMessenger(env: Env, companyId: string): Promise<boolean> {
  try {
    const messenger = openPlaced<MessengerObject>(env, env.MESSENGER, companyId);
    await messenger.wake(companyId);
    return true;
  } catch (error) {
    const about = { message: "a messenger could not be woken", companyId };
    console.error(JSON.stringify({ level: "error", room: "webhooks", ...about, error: describeError(error) }));
    return false;
  }
}
