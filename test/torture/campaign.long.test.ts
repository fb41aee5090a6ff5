import { describe, expect, it } from "vitest";
import { IS_DEEP } from "../generated-cases.ts";
import { type RoundName, runCampaign } from "./campaign.ts";
import type { Plant } from "./fault-plan.ts";

/** A drawn seed, so that each run of the tests looks at something else; the failure's message names it. */
const seed = process.env.TORTURE_SEED ?? String(Math.floor(Math.random() * 1e9));

function campaign(rounds: readonly RoundName[], plant: Plant | null, steps: number) {
  return runCampaign({
    seed,
    duration: 0,
    roundLength: { steps },
    connections: 6,
    plant,
    // They are played beside, without the others.
    hasAccidents: false,
    isPatient: false,
    rounds,
  });
}

describe("the torture campaign", () => {
  it("loses nothing, halves nothing and refuses nothing without a reason", { timeout: 600_000 }, async () => {
    // The last has what the four before it have one at a time.
    const alone = ["two writers", "failing D1", "aborted writers", "kill -9"] as const;
    const { problems, requests } = await campaign(["calm", ...(IS_DEEP ? alone : []), "everything"], null, 40);
    expect(problems, `repeat with: npm run torture -- --seed ${seed}`).toEqual([]);
    expect(requests).toBeGreaterThan(100);
  });

  const guards: [Plant, RoundName][] = [
    ["queue-off", "calm"],
    ["fence-off", "two writers"],
    ["commit-split", "failing D1"],
    ["rows-cached-on", "two writers"],
  ];
  // Each was seen to be noticed in one round or two; what is noticed ends the campaign.
  for (const [plant, round] of guards)
    it(`notices when a guard is gone: ${plant}`, { timeout: 600_000 }, async () => {
      const { problems } = await campaign(Array(10).fill(round), plant, 60);
      expect(problems, `seed ${seed}`).not.toEqual([]);
    });
});
