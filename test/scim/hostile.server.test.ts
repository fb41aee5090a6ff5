// V8 counts steps in what it loads after this.
import "../tools/count-steps.ts";
import { describe, expect, it } from "vitest";
import { parseProjection } from "../../src/scim/attribute-projection.ts";
import { planBulk } from "../../src/scim/bulk/bulk-order.ts";
import { parseBulk } from "../../src/scim/bulk/bulk-request.ts";
import { parseFilter } from "../../src/scim/filter/parse-filter.ts";
import { type JsonObject, parseJsonObject } from "../../src/scim/json.ts";
import { applyPatch, parsePatch } from "../../src/scim/patch/patch.ts";
import { readResource } from "../../src/scim/read-resource-body.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";
import { ScimError } from "../../src/scim/scim-error.ts";
import { IS_WHOLE } from "../generated-cases.ts";
import { countSteps } from "../tools/count-steps.ts";

const { User, Group } = resourceTypes();
const MEGABYTE = "a".repeat(1024 * 1024);

/** Steps that a refusal may take where a test does not say otherwise: some for each character of a megabyte. */
const MOST_STEPS = 5_000_000;

/** Of what takes V8 long to count a fifth is tried, with a fifth of the steps: all in CI. */
const PART = IS_WHOLE ? 1 : 1 / 5;

/** Runs what should be refused; it must be quick and must be a ScimError. */
function refusal(run: () => unknown, mostSteps = MOST_STEPS): ScimError {
  let thrown: unknown = new Error("was accepted");
  const steps = countSteps(() => {
    try {
      run();
    } catch (error) {
      thrown = error;
    }
  });
  expect(steps).toBeLessThan(mostSteps);
  if (thrown instanceof ScimError) return thrown;
  throw thrown;
}

describe("hostile filters are refused quickly with invalidFilter", () => {
  it.each([
    ["500 nested parentheses", `${"(".repeat(500)}title pr${")".repeat(500)}`],
    ["500 opening parentheses", "(".repeat(500)],
    ["500 nested nots", `${"not (".repeat(500)}title pr${")".repeat(500)}`],
    ["10,000 terms", Array.from({ length: 10_000 }, () => "title pr").join(" or ")],
    ["51 terms", Array.from({ length: 51 }, () => "title pr").join(" and ")],
    ["a string of 1 MB", `userName eq "${MEGABYTE}"`],
    ["an attribute of 1 MB", `${MEGABYTE} eq "x"`],
    ["a NUL", "userName eq \u0000"],
    ["8,000 quotes", '"'.repeat(8000)],
    ["8,000 backslashes", `userName eq "${"\\".repeat(8001)}`],
    ["8,000 brackets", "emails[".repeat(1100)],
  ])("%s", (_name, text) =>
    // Some steps for each of 8,192 characters.
    expect(refusal(() => parseFilter(User, text), 300_000)).toMatchObject({ scimType: "invalidFilter" }),
  );
});

describe("hostile bodies are refused quickly", () => {
  it.each([
    ["no JSON", "{"],
    ["an array", "[]"],
    ["null", "null"],
    ["a string", '"x"'],
    ["a million brackets", "[".repeat(1_000_000)],
    ["100,000 nested arrays", `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`],
    ["65 nested objects", `${'{"a":'.repeat(65)}1${"}".repeat(65)}`],
    ["__proto__", '{"userName":"a","__proto__":{"active":true}}'],
    ["an escaped __proto__", '{"userName":"a","\\u005f_proto__":{"active":true}}'],
    ["constructor", '{"userName":"a","name":{"constructor":{"prototype":{"x":1}}}}'],
    ["prototype", '{"userName":"a","emails":[{"prototype":1}]}'],
    [
      "1,001 names in one object",
      JSON.stringify(Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`k${n}`, n]))),
    ],
    ["a NUL", '{"userName":"a\\u0000b"}'],
    ["a NUL in a name", '{"userName":"a","\\u0000":1}'],
    ["half a surrogate pair", '{"userName":"\\ud800"}'],
  ])("%s: invalidSyntax", (_name, text) =>
    expect(refusal(() => parseJsonObject(text))).toMatchObject({ status: 400, scimType: "invalidSyntax" }),
  );

  it("a string of 1 MB: invalidValue", () => {
    expect(refusal(() => readResource(User, { userName: MEGABYTE }))).toMatchObject({ scimType: "invalidValue" });
    const patch = { Operations: [{ op: "replace", path: "userName", value: MEGABYTE }] };
    expect(refusal(() => parsePatch(User, patch))).toMatchObject({ scimType: "invalidValue" });
    const path = { Operations: [{ op: "replace", path: MEGABYTE, value: "x" }] };
    expect(refusal(() => parsePatch(User, path))).toMatchObject({ scimType: "invalidPath" });
  });

  it("a list of 100,000 different values, added by a path and by a name: invalidValue", () => {
    const list = Array.from({ length: 100_000 }, (_, n) => `value ${n}`);
    const operations: JsonObject[] = [
      { op: "add", path: "urn:acme:2.0:User:list", value: list },
      { op: "add", value: { "urn:acme:2.0:User": { list } } },
    ];
    for (const operation of operations) {
      const refused = refusal(() => parsePatch(User, { Operations: [operation] }));
      expect(refused).toMatchObject({ scimType: "invalidValue" });
      expect(refused.message).toBe("Operations[0]: urn:acme:2.0:User:list takes at most 1000 values.");
    }
  });

  it("a document over the limit: 413", () => {
    const body = {
      userName: "a",
      photos: Array.from({ length: 60 }, (_, n) => ({ value: `${n}${MEGABYTE.slice(0, 16_000)}` })),
    };
    expect(refusal(() => readResource(User, body)).status).toBe(413);
  });

  it("a thousand extensions of a thousand names, however they are sent", () => {
    const many = (count: number, name: (n: number) => string, value: unknown) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [name(n), value]));
    // Some for each of 300,000 names, and of the 999 that each of 900 changes finds there.
    const most = 50_000_000;
    const inner = many(1000, (n) => `k${n}`, 1);
    const crowd = { userName: "a", ...many(IS_WHOLE ? 300 : 110, (n) => `urn:x:y${n}`, inner) } as JsonObject;
    expect(refusal(() => readResource(User, crowd), most).status).toBe(413);
    const crowded = { userName: "a", "urn:x:y": many(999, (n) => `k${n}`, 1) } as JsonObject;
    const names = Array.from({ length: 900 * PART }, (_, n) => ({ op: "add", path: `urn:x:y:new${n}`, value: 1 }));
    expect(refusal(() => applyPatch(User, crowded, parsePatch(User, { Operations: names })), most * PART).status).toBe(
      413,
    );
    const urns = Array.from({ length: 1000 }, (_, n) => ({ op: "add", path: `urn:x:z${n}:a`, value: 1 }));
    expect(refusal(() => applyPatch(User, crowded, parsePatch(User, { Operations: urns })), most).status).toBe(413);
  });

  it("a PATCH of thousands of changes of a long list: 413, also without paths", () => {
    const path = 'emails[type eq "work"].value';
    const Operations = Array.from({ length: 20_000 * PART }, () => ({ op: "replace", path, value: "a" }));
    // Under a thousand steps a change: twenty times as many would be one for each pair of them.
    expect(refusal(() => parsePatch(User, { Operations }), 20_000_000 * PART).status).toBe(413);
    const value = Object.fromEntries(Array.from({ length: 999 }, (_, n) => [`urn:x:y:k${n}`, 1]));
    expect(
      refusal(() =>
        parsePatch(User, {
          Operations: [
            { op: "add", value },
            { op: "add", value },
          ],
        }),
      ).status,
    ).toBe(413);
  });

  it("pollutes nothing when a body comes by another way", () => {
    const body = JSON.parse('{"userName":"a","__proto__":{"polluted":1},"urn:x:y:User":{"k":1}}') as JsonObject;
    expect(readResource(User, body).document).toEqual({ userName: "a", "urn:x:y:User": { k: 1 } });
    const extension = JSON.parse('{"userName":"a","urn:x:y:User":{"__proto__":{"polluted":1}}}') as JsonObject;
    expect(refusal(() => readResource(User, extension)).status).toBe(400);
    for (const path of [
      "__proto__",
      "constructor.prototype",
      "name.__proto__",
      "urn:x:y:__proto__",
      "emails.constructor",
    ])
      expect(
        refusal(() => parsePatch(User, { Operations: [{ op: "add", path, value: "x" }] })),
        path,
      ).toMatchObject({ scimType: "invalidPath" });
    const value = JSON.parse('{"__proto__":{"polluted":1},"title":"x"}') as JsonObject;
    expect(refusal(() => parsePatch(User, { Operations: [{ op: "add", value }] })).status).toBe(400);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

it("more names of attributes than any URL holds are refused quickly", () => {
  const names = Array.from({ length: 300_000 }, (_, n) => `urn:a:b${n}:c`);
  for (const sent of [names, names.join(",")])
    expect(refusal(() => parseProjection(User, undefined, sent), 20_000_000)).toMatchObject({
      code: "invalid_parameter",
    });
});

describe("a PATCH that looks through a long list again and again", () => {
  const emails = Array.from({ length: 900 }, (_, n) => ({ value: `m${n}@x.example`, type: `t${n}` }));
  const others = (count: number) => Array.from({ length: count }, (_, n) => ({ value: `ü${n}`, type: `u${n}` }));
  const anyOf = (count: number) => Array.from({ length: count }, (_, n) => `value co "z${n}"`).join(" or ");
  const repeat = (count: number, operation: JsonObject) => ({
    Operations: Array.from({ length: count }, () => operation),
  });

  it.each([
    ["adds many values many times", repeat(1000 * PART, { op: "add", path: "emails", value: others(90) })],
    ["takes many values out many times", repeat(400 * PART, { op: "remove", path: "emails", value: others(90) })],
    [
      "compares with many values many times",
      repeat(1000 * PART, { op: "replace", path: `emails[${anyOf(49)}].display`, value: "x" }),
    ],
  ])("is refused where it %s", (_name, body) =>
    expect(refusal(() => parsePatch(User, body), 50_000_000 * PART)).toMatchObject({
      status: 413,
      code: "too_many_operations",
    }),
  );

  it.each([
    ["adds", repeat(20, { op: "add", path: "emails", value: others(100) })],
    ["takes out", repeat(20, { op: "remove", path: "emails", value: others(100) })],
    ["compares", repeat(40, { op: "remove", path: `emails[${anyOf(50)}]` })],
  ])("is quick with as much as it may have: %s", (_name, body) => {
    const request = parsePatch(User, body);
    const operations = request.operations.slice(0, request.operations.length * PART);
    const steps = countSteps(() => applyPatch(User, { userName: "ada", emails }, { ...request, operations }));
    expect(steps).toBeLessThan(250_000_000 * PART);
  });

  it("may still set a list of as many values as there may be, beside other changes", () => {
    const Operations = [
      { op: "add", path: "emails", value: others(1000) },
      ...Array.from({ length: 900 }, (_, n) => ({ op: "replace", path: "title", value: `t${n}` })),
    ];
    expect(parsePatch(User, { Operations }).operations.length).toBe(901);
  });
});

describe("large honest requests are quick", () => {
  it("a PATCH of 1,000 operations of one member each", () => {
    const Operations = Array.from({ length: 1000 }, (_, n) => ({
      op: "Add",
      path: "members",
      value: [{ value: `u${n}` }],
    }));
    const steps = countSteps(() => applyPatch(Group, { displayName: "g" }, parsePatch(Group, { Operations })));
    expect(steps).toBeLessThan(400_000);
  });

  it("a PUT of very many members", () => {
    const members = Array.from({ length: 100_000 * PART }, (_, n) => ({ value: `user-${n}`, display: "x" }));
    expect(countSteps(() => readResource(Group, { displayName: "g", members }))).toBeLessThan(20_000_000 * PART);
  });

  it("a bulk of 1,000 operations in a chain of forward references", () => {
    const Operations = Array.from({ length: 1000 }, (_, n) => ({
      method: "POST",
      path: "/Groups",
      bulkId: `b${n}`,
      data: { displayName: `g${n}`, members: n < 999 ? [{ value: `bulkId:b${n + 1}` }] : [] },
    }));
    let order: number[] = [];
    expect(countSteps(() => (order = planBulk(parseBulk({ Operations }).operations).order))).toBeLessThan(450_000);
    expect(order.slice(0, 3)).toEqual([999, 998, 997]);
  });

  it("a bulk whose operations each name all before them, behind a ring", () => {
    const count = IS_WHOLE ? 1000 : 500;
    const Operations = Array.from({ length: count }, (_, n) => ({
      method: "POST",
      path: "/Groups",
      bulkId: `b${n}`,
      data: {
        displayName: `g${n}`,
        members: (n < 2 ? [1 - n] : Array.from({ length: n }, (_, m) => m)).map((m) => ({ value: `bulkId:b${m}` })),
      },
    }));
    // Some for each of their names, of which there are half as many as the square of the operations.
    expect(countSteps(() => planBulk(parseBulk({ Operations }).operations))).toBeLessThan(35 * count ** 2);
  });

  it("keeps twenty notes of very many unknown names", () => {
    const emails = Array.from({ length: 100 * PART }, (_, n) => ({
      value: `${n}@example.com`,
      ...Object.fromEntries(Array.from({ length: 900 }, (_, m) => [`x${m}`, 1])),
    }));
    expect(readResource(User, { userName: "a", emails }).notes.length).toBe(20);
  });

  it("a bulk whose 1,000 operations all name each other in a ring", () => {
    const Operations = Array.from({ length: 1000 }, (_, n) => ({
      method: "POST",
      path: "/Groups",
      bulkId: `b${n}`,
      data: {
        displayName: `g${n}`,
        members: [{ value: `bulkId:b${(n + 1) % 1000}` }, { value: `bulkId:b${(n + 7) % 1000}` }],
      },
    }));
    expect(countSteps(() => planBulk(parseBulk({ Operations }).operations))).toBeLessThan(450_000);
  });
});
