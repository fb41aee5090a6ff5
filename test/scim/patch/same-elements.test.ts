import { describe, expect, it, vi } from "vitest";
import { foldCase } from "../../../src/scim/fold-case.ts";
import { equalJson, isJsonObject, type Json, type JsonObject } from "../../../src/scim/json.ts";
import { applyPatch, parsePatch } from "../../../src/scim/patch/patch.ts";
import { elementKey, matcherOf } from "../../../src/scim/patch/same-elements.ts";
import { unwrap } from "../../../src/scim/schema/coerce-value.ts";
import { resourceTypes } from "../../../src/scim/schema/resource-types.ts";
import { openAttribute, valueSubAttribute } from "../../../src/scim/schema/schema.ts";

const { User } = resourceTypes();
const emails = [...User.schemas.values()].flatMap(({ attributes }) => attributes).find(({ key }) => key === "emails");
if (emails === undefined) throw new Error("no emails");

const VALUES: (Json | undefined)[] = ["Straße", "STRASSE", "strasse", 5, "5", null, { a: 1 }, undefined];
const TYPES: (Json | undefined)[] = ["work", "WORK", "home", null, undefined];
const ELEMENTS: Json[] = [
  ...VALUES.flatMap((value) =>
    TYPES.flatMap((type) =>
      ([{}, { display: "x" }] as JsonObject[]).map(
        (more): JsonObject => ({
          ...more,
          ...(value !== undefined && { value: structuredClone(value) }),
          ...(type !== undefined && { type }),
        }),
      ),
    ),
  ),
  ...["Straße", "strasse", 5, true],
];

/** The rule itself, element by element. */
function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (equalJson(a, b)) return true;
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  return isSameText(a.value, b.value) && isSameText(a.type, b.type);
}

function isSameText(a: Json | undefined, b: Json | undefined): boolean {
  return typeof a === "string" && typeof b === "string" ? foldCase(a) === foldCase(b) : a === b;
}

function isNamed(named: Json, element: Json): boolean {
  if (isSame(named, element)) return true;
  if (!isJsonObject(element)) return unwrap(named) === element;
  if (!isJsonObject(named)) return false;
  if (named.value !== undefined && named.type === undefined)
    return isSame({ ...named, type: element.type ?? null }, { type: null, ...element });
  return Object.keys(named).every((name) => named[name] === element[name]);
}

describe("the key of an element", () => {
  it("is shared by exactly those that are the same value", () => {
    expect(valueSubAttribute(emails)?.caseExact).toBe(false);
    for (const a of ELEMENTS)
      for (const b of ELEMENTS)
        expect(elementKey(emails, a) === elementKey(emails, b), JSON.stringify([a, b])).toBe(isSame(a, b));
  });

  it("is of the list it is asked for: what no schema describes is compared as its own kind", () => {
    const element = { value: "a", type: "work" };
    const before = elementKey(emails, element);
    elementKey(openAttribute("things"), element);
    expect(elementKey(emails, element)).toBe(before);
  });
});

describe("a value array of a remove", () => {
  it("names by `value` alone or by all that it says, as each of its values would by itself", () => {
    for (const named of ELEMENTS) {
      const isMatched = matcherOf(emails, [named]);
      for (const element of ELEMENTS)
        expect(isMatched(element), JSON.stringify([named, element])).toBe(isNamed(named, element));
    }
    const isMatched = matcherOf(emails, ELEMENTS.slice(0, 20));
    for (const element of ELEMENTS)
      expect(isMatched(element)).toBe(ELEMENTS.slice(0, 20).some((named) => isNamed(named, element)));
  });
});

describe("looking through a list for names in any script", () => {
  const COUNT = 600;
  let run = 0;
  /** How often a PATCH of a list of so many folds a name that is not plain ASCII. */
  function foldsOf(operationsOn: (mail: (n: number) => string) => JsonObject[]): number {
    run += 1;
    const mail = (n: number) => `søren.${run}.${n}@exämple.com`;
    const document = {
      userName: "a",
      emails: Array.from({ length: COUNT }, (_, n) => ({ value: mail(n), type: "work" })),
    };
    const request = parsePatch(User, { Operations: operationsOn(mail) });
    const normalize = vi.spyOn(String.prototype, "normalize");
    try {
      applyPatch(User, document, request);
      return normalize.mock.calls.length;
    } finally {
      normalize.mockRestore();
    }
  }
  const listed = (mail: (n: number) => string, from: number, length = COUNT) =>
    Array.from({ length }, (_, n) => ({ value: mail(from + n), type: "work" }));

  it.each([
    [
      "adds what is there in other letters",
      (mail: (n: number) => string) => [{ op: "add", path: "emails", value: listed((n) => mail(n).toUpperCase(), 0) }],
    ],
    [
      "removes what is not there",
      (mail: (n: number) => string) => [{ op: "remove", path: "emails", value: listed(mail, COUNT) }],
    ],
    [
      "removes one after the other",
      (mail: (n: number) => string) =>
        listed(mail, COUNT, 300).map((value) => ({ op: "remove", path: "emails", value: [value] })),
    ],
    [
      "selects one after the other",
      (mail: (n: number) => string) =>
        listed(mail, 0, 300).map(({ value }) => ({
          op: "replace",
          path: `emails[value eq "${value}"].display`,
          value: "x",
        })),
    ],
  ])("folds each once, whether a PATCH %s", (_, operationsOn) => {
    // Two calls for a fold; the length of a name's list does not multiply them.
    expect(foldsOf(operationsOn)).toBeLessThan(6 * COUNT);
  });
});
