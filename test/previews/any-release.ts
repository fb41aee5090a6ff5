import fc from "fast-check";
import { anyHoldHistory, NAMES } from "../writer/any-hold-history.ts";

/** What befalls a company in the middle of its history. */
export const MIDWAY = [
  "nothing",
  "some are kept",
  "names are lost",
  "the rules change",
  "a setting is deleted",
] as const;

/**
 * A company in which nearly everything waits, who is in shadow beside it (whose person, of which department), what befalls it
 * when, and what of each hold is released: what was recorded up to half of its versions, or of every second person only.
 */
export const anyRelease = fc.record({
  history: anyHoldHistory,
  shadow: fc.array(fc.record({ mail: fc.nat(4), department: fc.constantFrom(...NAMES) }), { maxLength: 3 }),
  midway: fc.constantFrom(...MIDWAY),
  at: fc.nat(40),
  releases: fc.array(fc.record({ isEarlier: fc.boolean(), isOfSome: fc.boolean() }), { minLength: 1, maxLength: 6 }),
});

/** A company of which something is released. */
export type ReleasePlan = typeof anyRelease extends fc.Arbitrary<infer T> ? T : never;
