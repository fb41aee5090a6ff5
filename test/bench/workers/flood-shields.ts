import type { Env } from "../../../src/platform/env.ts";

/** The period (ms) of the rate limits, and what a key may in it: more than a bench can, since one token stands for many here. */
const PERIOD = 10_000;
const LIMIT = 1_000_000;

let since = 0;
let counts = new Map<string, number>();

/**
 * A flood shield that counts in memory, as the platform's does. Miniflare's writes each count to the disk, which would be
 * most of what a read costs.
 */
const shield: RateLimit = {
  async limit({ key }) {
    const now = Date.now();
    if (now - since >= PERIOD) {
      since = now;
      counts = new Map();
    }
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return { success: count <= LIMIT };
  },
};

/** The bindings of the flood shields, all of them, as in the world. */
export const FLOOD_SHIELDS = {
  TOKEN_SHIELD: shield,
  ADDRESS_SHIELD: shield,
  KEY_SHIELD: shield,
  OAUTH_SHIELD: shield,
} satisfies Partial<Env>;
