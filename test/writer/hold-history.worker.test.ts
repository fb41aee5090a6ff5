import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Safeguards } from "../../src/settings/safeguards.ts";
import { compareFold, follow, readPicture } from "../changes/company-picture.ts";
import { FeedFold } from "../changes/feed-fold.ts";
import { draw, inTurn, SEED } from "../generated-cases.ts";
import { operate } from "../scim-api/scim-client.ts";
import { ANEW, anyHoldHistory, ELSEWHERE, type HoldHistory, SLIPS, type Slip } from "./any-hold-history.ts";
import { HoldCompany } from "./hold-history.ts";

const OFF: Safeguards = { leavers: null, emptied: null, moves: null, group: null };
const HISTORIES = 10;
const OF_A_SLIP = Math.ceil(HISTORIES / SLIPS.length);

/** So strict that nearly everything waits. */
function strict(people: number): Safeguards {
  const limit = { people, percent: 0 };
  return { leavers: limit, emptied: limit, moves: limit, group: limit };
}

/** Whether a membership is one that a slip does not take, when nothing of it waits and nothing is kept. */
const OUTLASTS = {
  "everyone deactivated": (membership: string) => membership.endsWith("by manual"),
  "values cleared": (membership: string) => !membership.endsWith("by field"),
  "values changed": (membership: string) => !membership.endsWith("by field") || membership.includes(`in ${ELSEWHERE} `),
  "groups emptied": (membership: string) => !membership.endsWith("by idp"),
};

function readerOf(companyId: string) {
  return async (path: string) => {
    const { status, json, text } = await operate("GET", `/companies/${companyId}${path}`);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return json;
  };
}

type TargetSide = Awaited<ReturnType<HoldCompany["targetSide"]>>;

/** Whether somebody is in a group by hand beside a rule: whom the rule leaves, then, is no loss and is not held. */
function isByHandToo({ memberships }: TargetSide): boolean {
  const byHand = memberships.filter((membership) => membership.endsWith(" by manual"));
  const beside = byHand.map((membership) => membership.replace(/manual$/, ""));
  return memberships.some(
    (membership) => !byHand.includes(membership) && beside.some((start) => membership.startsWith(start)),
  );
}

describe("a hold", () => {
  it(`released is as if nothing had been held, and the feed folds (seed ${SEED})`, { timeout: 3_600_000 }, async () => {
    const property = fc.asyncProperty(anyHoldHistory, async (history) => {
      const braked = await HoldCompany.begin(history, strict(history.people));
      const free = await HoldCompany.begin(history, OFF);
      for (const step of history.steps) {
        const answer = await braked.take(step);
        expect(await free.take(step)).toBe(answer);
        expect(await braked.halfMoves()).toEqual([]);
      }
      const read = readerOf(braked.bench.companyId);
      const fold = new FeedFold();
      await follow(read, fold);
      expect(compareFold(fold, await readPicture(read))).toEqual([]);
      await braked.releaseAll();
      expect(await braked.openHolds()).toEqual([]);
      expect(await braked.targetSide()).toEqual(await free.targetSide());
      await follow(read, fold);
      expect(compareFold(fold, await readPicture(read))).toEqual([]);
    });
    await fc.assert(property, draw(HISTORIES));
  });

  it.each(inTurn(SLIPS, 0, 2))(
    "that is contradicted closes as if nothing had been; kept, it outlasts repetition and follows what comes again: %s",
    { timeout: 3_600_000 },
    async (slip) => {
      const property = fc.asyncProperty(anyHoldHistory, async (history) => {
        const company = await HoldCompany.begin(history, OFF);
        for (const step of history.steps) await company.take(step);
        const before = await company.targetSide();
        fc.pre(!isByHandToo(before));
        await company.guard(strict(0));
        const contradict = await company.strike(slip);
        // What is held has not happened.
        expect(await company.targetSide()).toEqual(before);
        await contradict();
        expect(await company.targetSide()).toEqual(before);
        expect(await company.openHolds()).toEqual([]);
        await company.strike(slip);
        await company.keepAll();
        await company.strike(slip);
        expect(await company.openHolds()).toEqual([]);
        expect(await company.targetSide()).toEqual(before);
        const putRight = await company.strike(slip);
        await putRight();
        expect(await company.targetSide()).toEqual(before);
        await company.guard(OFF);
        await company.strike(slip);
        const { people, memberships } = await company.targetSide();
        if (slip === "everyone deactivated") expect(people.filter((person) => person.endsWith(" 1"))).toEqual([]);
        expect(memberships.filter((membership) => !OUTLASTS[slip](membership))).toEqual([]);
      });
      await fc.assert(property, draw(OF_A_SLIP));
    },
  );
});

/** Two companies of one history, one of which had a slip held and all of it kept; the other had no brake. */
async function liveTwice(history: HoldHistory, slip: Slip) {
  const [kept, free] = [await HoldCompany.begin(history, OFF), await HoldCompany.begin(history, OFF)];
  for (const company of [kept, free]) for (const step of history.steps) await company.take(step);
  await kept.guard(strict(0));
  for (const company of [kept, free]) await company.strike(slip);
  await kept.keepAll();
  return { kept, free };
}

describe("what is really new", () => {
  it.each(["values cleared", "values changed"] as const)(
    "is followed by those who were kept, at once or when it is released: %s",
    { timeout: 3_600_000 },
    async (slip) => {
      const property = fc.asyncProperty(anyHoldHistory, async (history) => {
        const { kept, free } = await liveTwice(history, slip);
        // Held in its turn, or not.
        if (history.people === 0) await kept.guard(OFF);
        for (const company of [kept, free]) await company.renew("value");
        await kept.releaseAll();
        expect(await kept.openHolds()).toEqual([]);
        expect(await kept.targetSide()).toEqual(await free.targetSide());
      });
      await fc.assert(property, draw(OF_A_SLIP));
    },
  );

  it("is joined by those who were kept in what they left", { timeout: 3_600_000 }, async () => {
    const byGroup = ({ memberships }: TargetSide) => memberships.filter((membership) => membership.endsWith(" by idp"));
    const property = fc.asyncProperty(anyHoldHistory, async (history) => {
      const { kept, free } = await liveTwice(history, "groups emptied");
      const before = byGroup(await kept.targetSide());
      for (const company of [kept, free]) await company.renew("group");
      const joined = byGroup(await free.targetSide()).filter((membership) => membership.includes(` in ${ANEW} `));
      expect(byGroup(await kept.targetSide())).toEqual([...before, ...joined].sort());
    });
    await fc.assert(property, draw(OF_A_SLIP));
  });
});
