import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draw, SEED } from "../generated-cases.ts";
import { operate } from "../scim-api/scim-client.ts";
import { anyHistory } from "./any-history.ts";
import { compareFold, follow, judgeEnrolments, readPicture } from "./company-picture.ts";
import { FeedFold } from "./feed-fold.ts";
import { playHistory } from "./living-company.ts";

/** Reads the management API of one company. */
function readerOf(companyId: string) {
  return async (path: string) => {
    const { status, json, text } = await operate("GET", `/companies/${companyId}${path}`);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return json;
  };
}

const HISTORIES = 15;

describe("the change feed", () => {
  it(`folds to what the API lists after any history (seed ${SEED})`, { timeout: 3_600_000 }, async () => {
    const property = fc.asyncProperty(anyHistory, async (history) => {
      const [follower, newcomer] = [new FeedFold(), new FeedFold()];
      // One that follows learns names that one who begins late finds erased.
      const companyId = await playHistory(history, (id) => follow(readerOf(id), follower));
      const read = readerOf(companyId);
      for (const fold of [follower, newcomer]) await follow(read, fold);
      const listed = await readPicture(read);
      expect(compareFold(follower, listed)).toEqual([]);
      expect(compareFold(newcomer, listed)).toEqual([]);
      expect(judgeEnrolments(listed)).toEqual([]);
    });
    await fc.assert(property, draw(HISTORIES));
  });
});
