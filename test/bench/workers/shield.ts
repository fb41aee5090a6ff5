import { WorkerEntrypoint } from "cloudflare:workers";

/** The period (ms) of the rate limits, and what a key may in it: more than a bench can, since one token stands for many here. */
const PERIOD = 10_000;
const LIMIT = 1_000_000;

let since = 0;
let counts = new Map<string, number>();

/**
 * The flood shield as the product calls it: a count in memory next door, as the platform's is. Miniflare's own writes each
 * count to the disk, which would be most of what a read costs.
 */
export default class Shield extends WorkerEntrypoint {
  limit({ key }: RateLimitOptions): RateLimitOutcome {
    const now = Date.now();
    if (now - since >= PERIOD) {
      since = now;
      counts = new Map();
    }
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return { success: count <= LIMIT };
  }
}
