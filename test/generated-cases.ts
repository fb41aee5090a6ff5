import { inject } from "vitest";

/**
 * How much is generated. `npm test` draws a twentieth of the cases, CI (WHOLE=on) a fifth, the same ones each time, so that a red run is about a change;
 * `npm run test:deep` draws all of them, others each time. Of what there are only so many, such as routes, pages and deaths of
 * a writer, `npm test` tries some and CI all: whatever shows once more, in many places or at length, what another test shows
 * in one. FUZZ_CASES (1,000 for all) and FUZZ_SEED choose otherwise:
 * `FUZZ_CASES=40000 FUZZ_SEED=… npm run test:workers -- test/changes/feed-fold`.
 */
declare module "vitest" {
  interface ProvidedContext {
    generated: { cases: number; seed: number; isWhole: boolean };
  }
}

const ALL = 1_000;
const { cases, seed, isWhole } = inject("generated");

/** The seed of what is generated. */
export const SEED = seed;

/** Whether everything is to be looked at that there is, and not only as much as shows each guard at work. */
export const IS_DEEP = cases >= ALL;

/** Whether every page, value and step is looked at, as in CI, and what takes long. */
export const IS_WHOLE = IS_DEEP || isWhole;

/** How many trips to D1 apart a writer's deaths are, where one after the other is tried: each trip is one's last in CI. */
export const DEATHS_APART = IS_WHOLE ? 1 : 7;

/** How many cases are drawn where a deep run draws so many; one at least. */
export function casesOf(inDepth: number): number {
  return Math.ceil((inDepth * cases) / ALL);
}

/** What fast-check is told of a property of which a deep run draws so many cases. */
export function draw(inDepth: number): { numRuns: number; seed: number } {
  return { numRuns: casesOf(inDepth), seed };
}

/**
 * Of what is tried in each of several places every third, or as many apart, and others in each place, so that each is tried in
 * some: all of it in CI and in a deep run.
 */
export function inTurn<T>(tried: readonly T[], place: number, apart = 3): T[] {
  return IS_WHOLE ? [...tried] : tried.filter((_, index) => (index + place) % apart === 0);
}

/** Of all routes or pages some, for a rule that each of them keeps by what they share: all in CI and in a deep run. */
export function fewOf<T>(all: readonly T[]): T[] {
  return inTurn(all, 0, 5);
}
