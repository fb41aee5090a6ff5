import { openRegistry } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import { isFlooding, KEY_SHIELD_SECONDS, SHIELD_SECONDS, shieldKeyOf } from "../platform/flood-shield.ts";
import { WrongKeyCounter } from "./count-wrong-operator-keys.ts";

const counter = new WrongKeyCounter();

/** A request for the operator's doors without the operator's key. */
interface KeylessRequest {
  /** What was given instead; empty for nothing, which is no guess. */
  given: string;
  address: string | undefined;
  requestUrl: string;
  now: number;
}

/**
 * Counts a wrong operator key, and gives the seconds after which its address may try again when it has tried too often,
 * else null. The right key is never refused for the wrong ones: they may come from a neighbour behind one address.
 */
export async function refuseWrongKey(
  env: Env,
  { given, address, requestUrl, now }: KeylessRequest,
): Promise<number | null> {
  const key = shieldKeyOf(address);
  // First, so that a flood does not reach D1.
  if (await isFlooding(env.ADDRESS_SHIELD, key, requestUrl)) return SHIELD_SECONDS;
  if (given === "") return null;
  await counter.count(openRegistry(env), now, key);
  return (await isFlooding(env.KEY_SHIELD, key, requestUrl)) ? KEY_SHIELD_SECONDS : null;
}
