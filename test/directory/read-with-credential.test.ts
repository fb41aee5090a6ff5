import { expect, it } from "vitest";
import { withAccess } from "../../src/directory/read-with-credential.ts";
import { NOTHING } from "../../src/platform/read-batch.ts";

it("the look at a token is one statement for all reads of it, and another one for each other token", () => {
  const look = (settingKey: number, tokenId: string) => withAccess({ settingKey, tokenId }, NOTHING).statements[0];
  expect(look(1, "a")).toBe(look(1, "a"));
  const others = [look(1, "a"), look(1, "b"), look(2, "a")];
  expect(new Set(others).size).toBe(3);
  expect(others.map((statement) => statement?.params)).toEqual([
    [1, "a"],
    [1, "b"],
    [2, "a"],
  ]);
});
