import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Safeguards } from "../../src/settings/safeguards.ts";
import { compareFold, follow, readPicture } from "../changes/company-picture.ts";
import { FeedFold } from "../changes/feed-fold.ts";
import { operate } from "../scim-api/scim-client.ts";
import { anyHoldHistory, ELSEWHERE, SLIPS } from "./any-hold-history.ts";
import { HoldCompany } from "./hold-history.ts";

const OFF: Safeguards = { leavers: null, emptied: null, moves: null, group: null };
const SEED = Number(env.FUZZ_SEED);
const HISTORIES = Math.ceil(Number(env.FUZZ_CASES) / 100);

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
    await fc.assert(property, { numRuns: HISTORIES, seed: SEED });
  });

  it.each(SLIPS)(
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
      await fc.assert(property, { numRuns: Math.ceil(HISTORIES / SLIPS.length), seed: SEED });
    },
  );
});
