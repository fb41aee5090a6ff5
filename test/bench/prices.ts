/** What a platform asks for one kind of use: dollars for `per` units, after what the plan includes each month. */
interface Price {
  unit: string;
  dollars: number;
  per: number;
  included: number;
}

/**
 * Cloudflare's Workers Paid plan as published in November 2026
 * (developers.cloudflare.com: workers/platform/pricing, durable-objects/platform/pricing, d1/platform/pricing, kv/platform/pricing). The plan itself is PLAN dollars a month.
 */
export const PRICES = {
  requests: { unit: "Worker requests", dollars: 0.3, per: 1e6, included: 10e6 },
  cpu: { unit: "CPU ms", dollars: 0.02, per: 1e6, included: 30e6 },
  objectCalls: { unit: "Durable Object requests", dollars: 0.15, per: 1e6, included: 1e6 },
  objectDuration: { unit: "Durable Object GB-s", dollars: 12.5, per: 1e6, included: 400_000 },
  rowsRead: { unit: "D1 rows read", dollars: 0.001, per: 1e6, included: 25e9 },
  rowsWritten: { unit: "D1 rows written", dollars: 1, per: 1e6, included: 50e6 },
  kvReads: { unit: "KV reads", dollars: 0.5, per: 1e6, included: 10e6 },
  stored: { unit: "D1 GB-months", dollars: 0.75, per: 1, included: 5 },
} as const satisfies Record<string, Price>;

/** The plan's price a month in dollars. */
export const PLAN = 5;

/** How much of each kind was used. */
export type Use = Record<keyof typeof PRICES, number>;

/** A use, `times` over. */
export function times(use: Use, factor: number): Use {
  return mapKinds((kind) => use[kind] * factor);
}

/** Two uses together. */
export function plus(one: Use, other: Use): Use {
  return mapKinds((kind) => one[kind] + other[kind]);
}

/** What a use costs in dollars, as if nothing were included: what one more company of this kind adds to the bill. */
export function costOf(use: Use): number {
  return sum(mapKinds((kind) => (use[kind] * PRICES[kind].dollars) / PRICES[kind].per));
}

/** The bill of a month in dollars: the plan, and what goes beyond the use that it includes. */
export function billOf(use: Use): number {
  return PLAN + costOf(mapKinds((kind) => Math.max(0, use[kind] - PRICES[kind].included)));
}

function mapKinds(of: (kind: keyof Use) => number): Use {
  const kinds = Object.keys(PRICES) as (keyof Use)[]; // its own keys
  return Object.fromEntries(kinds.map((kind) => [kind, of(kind)])) as Use; // and all of them
}

function sum(use: Use): number {
  return Object.values(use).reduce((total, part) => total + part, 0);
}
