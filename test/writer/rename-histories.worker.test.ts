import fc from "fast-check";
import { describe, it } from "vitest";
import { draw, SEED } from "../generated-cases.ts";
import { isAllowed, RenameHistory, type SettingPlan, type Step } from "./rename-history.ts";
import { RENAMES } from "./renames.ts";

const NAMES = ["Eng", "eng", " ENG ", "Ops", "ops", "Crew", "All"];
const HISTORIES = 20;

/** How often each kind of step comes. */
const WEIGHTS: Record<Step["kind"], number> = {
  ...{ rename: 6, member: 3, manual: 3, items: 3, status: 2, department: 4 },
  ...{ group: 2, noGroup: 1, noUser: 1, setting: 1, hand: 1 },
};

const settingPlan: fc.Arbitrary<SettingPlan> = fc.record({
  criteria: fc.constantFrom("idp", "idp", "field", "field", "none"),
  own: fc.constantFrom(null, null, "Eng", "All"),
  isUngrouped: fc.boolean(),
});

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(
    ...Object.entries(WEIGHTS).map(([kind, weight]) => ({ weight, arbitrary: fc.constant(kind as Step["kind"]) })), // its keys
  ),
  who: fc.nat(5),
  group: fc.nat(5),
  name: fc.constantFrom(...NAMES),
  isOn: fc.boolean(),
  way: fc.nat({ max: RENAMES.length - 1 }),
  setting: settingPlan,
});

/** Kinds of steps of which several may be under way at a time. */
const AT_ONCE = new Set<Step["kind"]>(["rename", "member", "status", "department"]);

/** Whether a step stands in the queue as soon as it is asked for: a Bulk request is looked through first. */
function isOrdered({ kind, way }: Step): boolean {
  return AT_ONCE.has(kind) && !(kind === "rename" && RENAMES[way]?.[0].includes("Bulk"));
}

describe("any history of renames over settings that share target groups", { timeout: 3_600_000 }, () => {
  it(`comes to what the rules say, and withdraws nothing that the new target group has (seed ${SEED})`, async () => {
    const plans = fc.array(settingPlan.filter(isAllowed), { minLength: 3, maxLength: 3 });
    const bursts = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 4, maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(plans, bursts, async (settings, all) => {
        const history = await RenameHistory.begin(settings);
        for (const burst of all) {
          if (burst.every(isOrdered)) await Promise.all(burst.map((each) => history.do(each)));
          else for (const each of burst) await history.do(each);
          await history.check();
        }
      }),
      draw(HISTORIES),
    );
  });
});
