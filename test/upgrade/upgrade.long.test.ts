import { expect, it } from "vitest";
import { upgrade } from "./upgrade.ts";

it("the last release, filled, is upgraded under load and back and forth, without a failed request or a lost change", async () => {
  const { problems, requests } = await upgrade("0.1.0", { lanes: 3, people: 4, changes: 5 });
  expect(problems).toEqual([]);
  expect(requests).toBeGreaterThan(200);
}, 600_000);
