import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../simulate/random.ts";
import { Accidents, type Script } from "./accidents.ts";
import { checkDirectory, checkInvariants } from "./check-state.ts";
import { type BrakePlant, CALM, type Plant } from "./fault-plan.ts";
import { playSlip } from "./slip-at-size.ts";
import { Stops } from "./stops.ts";
import { OPERATOR_KEY, TortureRuntime } from "./torture-runtime.ts";
import { Judge, WireClient } from "./wire-client.ts";

/** A drawn seed, so that each run of the tests looks at something else; the failure's message names it. */
const seed = process.env.TORTURE_SEED ?? String(Math.floor(Math.random() * 1e9));

const folder = mkdtempSync(join(tmpdir(), "rollcall-accidents-"));
let runtime: TortureRuntime;

beforeAll(async () => {
  runtime = await TortureRuntime.start(folder, { ...CALM, seed });
});

afterAll(async () => {
  await runtime.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a company of its own, and gives what judges it. */
async function open(plant: Plant | null) {
  await runtime.follow({ ...CALM, seed, plant });
  const judge = new Judge();
  const operator = new WireClient(`${runtime.url}/api/v1`, () => OPERATOR_KEY, judge, false);
  const { json } = await operator.send("POST", "/companies", { name: plant ?? "Sound" });
  const random = createRandom(`${seed} ${plant}`);
  const place = { url: runtime.url, companyId: json.id, operator, judge, random };
  return { judge, random, place };
}

async function openAccidents(plant: Plant | null) {
  const { judge, random, place } = await open(plant);
  return { judge, random, accidents: await Accidents.open(runtime, place) };
}

describe("accidents in settings with a brake", () => {
  it("lose and withdraw nothing that waits, and come to what was decided, with a kill in the middle", {
    timeout: 300_000,
  }, async () => {
    const { judge, random, accidents } = await openAccidents(null);
    let steps = 2 + random.int(8);
    accidents.beforeStep = async () => {
      steps -= 1;
      if (steps === 0) await runtime.killAndReopen();
    };
    for (let play = 0; play < 2 && judge.problems.length === 0; play += 1) await accidents.play();
    for (const setting of accidents.settings) await checkDirectory(setting.client, setting.directory(), judge);
    await checkInvariants(runtime, judge);
    expect(judge.problems, `repeat with TORTURE_SEED=${seed}`).toEqual([]);
  });

  it("come to the same when workerd is killed in the middle of a release of hundreds", {
    timeout: 300_000,
  }, async () => {
    await runtime.follow({ ...CALM, seed });
    // A release takes 300 in a step: this one has two.
    const story = { provider: "okta-custom", story: "group-emptied", users: 350, groups: 3 } as const;
    const { problems, holds } = await playSlip(runtime, { ...story, seed: 1, isBraked: true, hasKill: true });
    expect(holds).toEqual([expect.stringMatching(/^group 3[0-4]\d$/)]);
    expect(problems).toEqual([]);
  });

  const noticed: [BrakePlant, Script][] = [
    ["held-withdrawn", { way: "idp", slip: "everyone deactivated", answers: [] }],
    ["release-forgets", { way: "idp", slip: "everyone deleted", answers: ["release all"] }],
    ["keep-forgotten", { way: "idp", slip: "everyone deactivated", answers: ["keep all", "repeat"] }],
    ["half-moved", { way: "field", slip: "department cleared", answers: [] }],
  ];
  it.each(noticed)("notice a planted bug: %s", { timeout: 300_000 }, async (plant, script) => {
    const { judge, accidents } = await openAccidents(plant);
    // Whom a release forgets is a third of the people, of whom one play may have none; the next one has others.
    for (let play = 0; play < 12 && judge.problems.length === 0; play += 1) await accidents.play(script);
    expect(judge.problems, `seed ${seed}`).not.toEqual([]);
  });
});

describe("stops of enrolments, and their undo", () => {
  it("bring back whom they withdrew and who is there still, as far as they were, with a kill in the middle", {
    timeout: 300_000,
  }, async () => {
    const { judge, random, place } = await open(null);
    const stops = await Stops.open(runtime, place);
    let steps = 2 + random.int(8);
    stops.beforeStep = async () => {
      steps -= 1;
      if (steps === 0) await runtime.killAndReopen();
    };
    for (let play = 0; play < 3 && judge.problems.length === 0; play += 1) await stops.play();
    await checkDirectory(stops.client, stops.directory(), judge);
    await checkInvariants(runtime, judge);
    expect(judge.problems, `repeat with TORTURE_SEED=${seed}`).toEqual([]);
  });

  it("notice a planted bug: undo-begins-anew", { timeout: 300_000 }, async () => {
    const { judge, place } = await open("undo-begins-anew");
    const stops = await Stops.open(runtime, place);
    for (let play = 0; play < 12 && judge.problems.length === 0; play += 1) await stops.play();
    expect(judge.problems, `seed ${seed}`).not.toEqual([]);
  });
});
