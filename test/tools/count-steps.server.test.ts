import "./count-steps.ts";
import { describe, expect, it } from "vitest";
import { parseFilter } from "../../src/scim/filter/parse-filter.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";
import { countSteps } from "./count-steps.ts";

const { User } = resourceTypes();
const read = (terms: number) => parseFilter(User, Array.from({ length: terms }, () => "title pr").join(" and "));

describe("steps", () => {
  it("are about the same each time, and of this project's code", () => {
    read(50); // what is made once is made
    const steps = countSteps(() => read(50));
    expect(steps).toBeGreaterThan(500);
    // The engine may count some blocks twice, where it compiles a function anew or leaves what it compiled.
    expect(Math.abs(countSteps(() => read(50)) - steps)).toBeLessThan(steps / 8);
    expect(countSteps(() => {})).toBe(0);
  });

  it("grow with the work and not with the machine", () => {
    const growth = countSteps(() => read(40)) / countSteps(() => read(10));
    expect(growth).toBeGreaterThan(3);
    expect(growth).toBeLessThan(5);
  });

  it("tell what built-ins walk, so that quadratic work shows", () => {
    const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
    const kinds: Record<string, (list: number[]) => unknown> = {
      includes: (list) => {
        for (let n = 0; n < list.length; n += 1) list.includes(n);
      },
      spread: (list) => {
        let all: number[] = [];
        for (let n = 0; n < list.length; n += 1) all = [...all, n];
      },
      clone: (list) => {
        for (let n = 0; n < list.length; n += 1) structuredClone(list);
      },
      entries: (list) => {
        const object = Object.fromEntries(list.map((n) => [n, n]));
        for (let n = 0; n < list.length; n += 1) Object.entries(object);
      },
      map: (list) => {
        const map = new Map(list.map((n) => [n, n]));
        for (let n = 0; n < list.length; n += 1) [...map.values()].at(-1);
      },
      text: (list) => {
        const text = "a".repeat(list.length);
        for (let n = 0; n < list.length; n += 1) text.indexOf("b");
      },
    };
    for (const [name, work] of Object.entries(kinds)) {
      const [few, many] = [numbers(100), numbers(800)];
      expect(countSteps(() => work(many)) / countSteps(() => work(few)), name).toBeGreaterThan(30);
    }
  });
});
