import { isLoopbackHost } from "./loopback.ts";
import { hostOf } from "./request-url.ts";

/** How long a client that floods is asked to stay away (seconds): the period of the rate limits in wrangler.toml. */
export const SHIELD_SECONDS = 10;
/** The same for an address that sends wrong operator keys (seconds). */
export const KEY_SHIELD_SECONDS = 60;

/**
 * Whether `key` has used up its share of a rate limit. Without the binding nobody has, a shield that fails lets everybody
 * through, and a Worker reached on loopback (development, load tests) has none: its limits are for the world.
 */
export async function isFlooding(
  shield: RateLimit | undefined,
  key: string | null,
  requestUrl: string,
): Promise<boolean> {
  if (shield === undefined || key === null || isLoopbackHost(hostOf(requestUrl))) return false;
  try {
    return !(await shield.limit({ key })).success;
  } catch {
    return false;
  }
}

/** The key under which an address's failures are counted (a whole /64 of IPv6, as one customer gets), or null for none. */
export function shieldKeyOf(address: string | undefined): string | null {
  if (address === undefined || !address.includes(":")) return address ?? null;
  const [head = "", tail] = address.split("::");
  const groups = head.split(":");
  return groups.length >= 4 || tail === undefined ? groups.slice(0, 4).join(":") : `${head}::`;
}
