import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KINDS, type Plan, Run, type Step } from "./kept-history.ts";

const SEED = Number(env.FUZZ_SEED);
/** More of them, or the same again: FUZZ_CASES=40000 FUZZ_SEED=… npm run test:workers -- test/writer/kept-rows. */
const HISTORIES = Math.ceil(Number(env.FUZZ_CASES) / 100);

const plan: fc.Arbitrary<Plan> = fc.record({
  criteria: fc.constantFrom("idp", "field"),
  isEnrolling: fc.boolean(),
  isBraked: fc.boolean(),
});

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...KINDS),
  by: fc.constantFrom("first", "first", "first", "second"),
  who: fc.nat(9),
  group: fc.nat(3),
  name: fc.nat(9),
  isOn: fc.boolean(),
  isLogged: fc.boolean(),
});

describe("any history of two writers that keep rows", { timeout: 3_600_000 }, () => {
  it(`comes to what writers that keep none come to, and keeps what D1 has (seed ${SEED})`, async () => {
    let kept = 0;
    await fc.assert(
      fc.asyncProperty(
        plan,
        fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 12, maxLength: 30 }),
        async (setting, bursts) => {
          const [keeping, other] = [await Run.begin(true, setting), await Run.begin(false, setting)];
          for (const burst of bursts) {
            const by = burst[0]?.by ?? "first";
            expect(await keeping.do(burst)).toEqual(await other.do(burst));
            kept += await keeping.check(by);
          }
          expect(await keeping.content()).toEqual(await other.content());
        },
      ),
      { numRuns: HISTORIES, seed: SEED, endOnFailure: true },
    );
    expect(kept).toBeGreaterThan(0);
  });
});
