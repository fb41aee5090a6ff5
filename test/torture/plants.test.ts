import { join } from "node:path";
import { expect, it } from "vitest";
import { plantAll } from "./plants.ts";

it("each bug that the campaign plants has its one place in the product's text", () => {
  const planted = plantAll(join(import.meta.dirname, "../.."));
  expect(planted.length).toBeGreaterThan(0);
  for (const text of planted) expect(text).toContain("globalThis.torturePlant");
});
