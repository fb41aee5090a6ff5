import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { operate } from "../scim-api/scim-client.ts";
import { anyHistory, LivingCompany } from "./company-history.ts";
import { compareFold, follow, judgeEnrolments, readPicture } from "./company-picture.ts";
import { FeedFold } from "./feed-fold.ts";

/** Reads the management API of one company. */
function readerOf(companyId: string) {
  return async (path: string) => {
    const { status, json, text } = await operate("GET", `/companies/${companyId}${path}`);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return json;
  };
}

const SEED = Number(env.FUZZ_SEED);
const HISTORIES = Math.ceil(Number(env.FUZZ_CASES) / 100);

describe("the change feed", () => {
  it(`folds to what the API lists after any history (seed ${SEED})`, { timeout: 3_600_000 }, async () => {
    const property = fc.asyncProperty(anyHistory, async (history) => {
      const { bench } = await LivingCompany.play(history);
      const read = readerOf(bench.companyId);
      const fold = new FeedFold();
      await follow(read, fold);
      const listed = await readPicture(read);
      expect([...compareFold(fold, listed), ...judgeEnrolments(listed)]).toEqual([]);
    });
    await fc.assert(property, { numRuns: HISTORIES, seed: SEED });
  });
});
