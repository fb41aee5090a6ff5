import { describe, expect, it } from "vitest";
import { matchesIfMatch, matchesIfNoneMatch, meetsPreconditions, weakTag } from "../../src/scim/entity-tag.ts";

const TAG = weakTag(3);

describe("preconditions of a write", () => {
  it.each([
    [{}, true],
    [{ ifMatch: TAG }, true],
    [{ ifMatch: weakTag(2) }, false],
    [{ ifMatch: "*" }, true],
    [{ ifNoneMatch: "*" }, false],
    [{ ifNoneMatch: TAG }, false],
    [{ ifNoneMatch: weakTag(2) }, true],
    [{ ifMatch: "*", ifNoneMatch: TAG }, false],
  ])("%j: met %s", (preconditions, met) => expect(meetsPreconditions(preconditions, TAG)).toBe(met));
});

describe("entity tags", () => {
  it("are weak", () => expect(TAG).toBe('W/"3"'));

  it.each([
    [null, TAG, true, false],
    ["", TAG, true, false],
    ['W/"3"', TAG, true, true],
    ['"3"', TAG, true, true],
    ["3", TAG, true, true],
    ['w/"3"', TAG, true, true],
    ['W/"4"', TAG, false, false],
    ['W/"4", W/"3"', TAG, true, true],
    ["*", TAG, true, true],
    ["*", null, false, false],
    ['W/"3"', null, false, false],
  ])("header %s and tag %s: If-Match %s, If-None-Match %s", (header, tag, match, noneMatch) => {
    expect(matchesIfMatch(header, tag)).toBe(match);
    expect(matchesIfNoneMatch(header, tag)).toBe(noneMatch);
  });
});
