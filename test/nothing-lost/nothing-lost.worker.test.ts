import fc from "fast-check";
import { expect, it } from "vitest";
import { casesOf, SEED } from "../generated-cases.ts";
import { anyRequest } from "./any-request.ts";
import { CLOSED_LIST } from "./closed-list.ts";
import { openStage, play } from "./stage.ts";

const BODIES = casesOf(150);

it(`whatever ${BODIES} requests name is there afterwards, or noted, or on the closed list (seed ${SEED})`, {
  timeout: 3_600_000,
}, async () => {
  const stage = await openStage();
  const property = fc.asyncProperty(anyRequest(stage.crew), async (request) => {
    const wrong = await play(stage, request);
    if (wrong.length > 0) throw new Error(wrong.join("\n"));
  });
  await fc.assert(property, { numRuns: BODIES, seed: SEED });
  // Refusals prove little.
  expect(stage.accepted).toBeGreaterThan(stage.refused);
  // What is never a reason has no place on the list; twenty notes of one request are too rare to be met.
  const { counted: _counted, ...met } = CLOSED_LIST;
  if (BODIES >= 5000) expect([...stage.closed.counts.keys()]).toEqual(expect.arrayContaining(Object.keys(met)));
});
