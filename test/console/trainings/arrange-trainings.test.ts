import { expect, it } from "vitest";
import { arrangeTrainings, TRAINING_ORDERS } from "../../../src/console/trainings/arrange-trainings.ts";

const items = [
  { id: "1", name: "b", kind: "training", isInCatalogue: true, groups: 2, enrolled: 5, withdrawn: 0 },
  { id: "2", name: "A", kind: "phishing", isInCatalogue: false, groups: 2, enrolled: null, withdrawn: null },
  { id: "3", name: "c", kind: "phishing", isInCatalogue: true, groups: 0, enrolled: 5, withdrawn: 0 },
] as const;

const EXPECTED: Record<(typeof TRAINING_ORDERS)[number], string> = {
  ...{ name: "213", "-name": "312", kind: "231", "-kind": "123", offered: "213", "-offered": "132" },
  ...{ groups: "321", "-groups": "213", enrolled: "213", "-enrolled": "132" },
};

it.each(TRAINING_ORDERS)("items by %s, those that are equal by name", (sort) => {
  const arranged = arrangeTrainings(items, { q: "", kind: null, sort });
  expect(arranged.map(({ id }) => id).join("")).toBe(EXPECTED[sort]);
});
