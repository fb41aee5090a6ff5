import { expect, it } from "vitest";
import { arrangeSettings, settingQuery } from "../../../src/console/setting/arrange-settings.ts";
import type { Tone } from "../../../src/console/setting/setting-health.ts";

const settings = [
  { id: "1", name: "b", users: { active: 2, inactive: 0 }, lastRequestAt: null, provider: "Okta", tone: "good" },
  { id: "2", name: "A", users: { active: 10, inactive: 0 }, lastRequestAt: 5, provider: "entra", tone: "bad" },
  { id: "3", name: "Ä", users: { active: 2, inactive: 1 }, lastRequestAt: 9, provider: "Okta", tone: "warn" },
  { id: "4", name: "c", users: { active: 0, inactive: 0 }, lastRequestAt: null, provider: "Other", tone: "good" },
] as const;
const wordsOf = ({ provider, tone }: { provider: string; tone: Tone }) => ({
  ...{ provider, tone, grouping: provider, word: "Word" },
});

it.each([
  ["made", "1234"],
  ["-made", "4321"],
  ["name", "2143"],
  ["-name", "3412"],
  // Those that are equal are by name whichever way it goes, and those without a request are last.
  ["provider", "2134"],
  ["-provider", "4132"],
  ["grouping", "2134"],
  ["active", "4132"],
  ["-active", "2134"],
  ["inactive", "2143"],
  ["-inactive", "3214"],
  ["request", "2314"],
  ["-request", "3214"],
  // The worst first.
  ["status", "2314"],
  ["-status", "1432"],
] as const)("settings by %s", (order, expected) => {
  const arranged = arrangeSettings([...settings], order, wordsOf);
  expect(arranged.map(({ id }) => id).join("")).toBe(expected);
});

it("an order that is none is the one in which they were made", () => {
  expect(settingQuery.parse({ sort: "colour" }).sort).toBe("made");
  expect(settingQuery.parse({}).sort).toBe("made");
});
