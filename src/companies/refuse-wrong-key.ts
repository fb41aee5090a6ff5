import { openRegistry } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import { isFlooding, KEY_SHIELD_SECONDS, SHIELD_SECONDS, shieldKeyOf } from "../platform/flood-shield.ts";
import { WrongKeyCounter } from "./wrong-key-store.ts";

const counter = new WrongKeyCounter();

/**
 * Counts a wrong operator key from an address, and gives the seconds after which it may try again when it has tried too
 * often, else null. The right key is never refused for the wrong ones: they may come from a neighbour behind one address.
 */
export async function refuseWrongKey(
  env: Env,
  address: string | undefined,
  requestUrl: string,
  now: number,
): Promise<number | null> {
  const key = shieldKeyOf(address);
  // First, so that a flood does not reach D1.
  if (await isFlooding(env.ADDRESS_SHIELD, key, requestUrl)) return SHIELD_SECONDS;
  await counter.count(openRegistry(env), now, key);
  return (await isFlooding(env.KEY_SHIELD, key, requestUrl)) ? KEY_SHIELD_SECONDS : null;
}
