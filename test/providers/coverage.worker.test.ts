import { expect, it } from "vitest";
import { ROWS } from "./rows.ts";

it("has a test for every row of the table", () => {
  const recorded = import.meta.glob("./*/*.json", { eager: true, import: "default" });
  const sources = import.meta.glob<string>("./*.worker.test.ts", { eager: true, import: "default", query: "?raw" });
  const inFiles = Object.keys(recorded).map((path) => Number(/\/(\d+)-/.exec(path)?.[1]));
  const inCode = Object.values(sources).flatMap((text) =>
    [...text.matchAll(/^ {2}row\((\d+),/gm)].map((match) => Number(match[1])),
  );
  const covered = new Set([...inFiles, ...inCode]);
  expect(Object.keys(ROWS)).toHaveLength(157);
  expect(Object.keys(ROWS).filter((number) => !covered.has(Number(number)))).toEqual([]);
  expect([...covered].filter((number) => ROWS[number] === undefined)).toEqual([]);
});
