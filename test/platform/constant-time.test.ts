import { describe, expect, it } from "vitest";
import { equalsInConstantTime } from "../../src/platform/constant-time.ts";

describe("a comparison whose time tells nothing", () => {
  it("says whether two texts are the same, whatever is in them and however long they are", () => {
    const texts = ["", "a", "b", "ab", "ba", "aa", "aaa", "A", "ä", "\u{1f600}", "\ud83d", "a\0", "key-of-an-operator"];
    for (const left of texts)
      for (const right of texts) expect(equalsInConstantTime(left, right), `${left} ${right}`).toBe(left === right);
  });
});
