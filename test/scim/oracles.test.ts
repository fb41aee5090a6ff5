import fc from "fast-check";
import { scimPatch } from "scim-patch";
import * as scim2 from "scim2-parse-filter";
import { describe, expect, it } from "vitest";
import { parseFilter } from "../../src/scim/filter/parse-filter.ts";
import type { Json, JsonObject } from "../../src/scim/json.ts";
import { applyPatch, parsePatch } from "../../src/scim/patch/patch.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";
import { draw } from "../generated-cases.ts";
import { matchFilter } from "./filter/match-filter.ts";

const { User } = resourceTypes();
const ours = (text: string, resource: JsonObject) => matchFilter(parseFilter(User, text), resource);
const theirs = (text: string, resource: JsonObject) => scim2.filter(scim2.parse(text))(resource);

/** Lower-case ASCII, on which scim2-parse-filter (which never folds case) and we must agree. */
const word = fc.constantFrom("a", "b", "ab", "ba", "abc", "c");
const user = fc.record({
  userName: word,
  externalId: word,
  active: fc.boolean(),
  name: fc.record({ givenName: word, familyName: word }),
  emails: fc.array(fc.record({ value: word, type: word, primary: fc.boolean() }), { minLength: 1, maxLength: 3 }),
});
const operator = fc.constantFrom("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le");
const path = fc.constantFrom("userName", "externalId", "name.givenName", "emails.value", "emails.type");
const comparison = fc.oneof(
  fc.tuple(path, operator, word).map(([name, op, value]) => `${name} ${op} "${value}"`),
  fc.tuple(fc.constantFrom("eq", "ne"), fc.boolean()).map(([op, value]) => `active ${op} ${value}`),
  fc
    .tuple(fc.constantFrom("value", "type"), operator, word)
    .map(([name, op, value]) => `emails[${name} ${op} "${value}"]`),
  fc.constantFrom("title pr", "userName pr", "emails pr", "emails[primary eq true]"),
);
const filter = fc
  .tuple(comparison, fc.constantFrom("and", "or"), comparison, fc.constantFrom("and", "or"), comparison, fc.boolean())
  .map(([a, join, b, other, c, negate]) =>
    negate ? `not (${a} ${join} ${b}) ${other} ${c}` : `${a} ${join} (${b} ${other} ${c})`,
  );

describe("scim2-parse-filter", () => {
  it("agrees on thousands of filters where values are present and in one case", () => {
    fc.assert(
      fc.property(filter, user, (text, resource) => {
        expect(ours(text, resource)).toBe(theirs(text, resource));
      }),
      draw(2000),
    );
  });

  it.each<[string, string, JsonObject, boolean]>([
    [
      "it minds case in every attribute; userName is not caseExact (RFC 7643 section 4.1.1)",
      'userName eq "A"',
      { userName: "a" },
      true,
    ],
    ["it lets a missing attribute fail ne; we say no value differs from any", 'title ne "x"', { userName: "a" }, true],
    [
      "it compares a complex attribute as an object; we compare its value (RFC 7644 section 3.4.2.2)",
      'emails co "b"',
      { emails: [{ value: "abc" }] },
      true,
    ],
    [
      "it compares times as text; we compare them in time",
      'meta.created eq "2020-01-01T01:00:00+01:00"',
      { meta: { created: "2020-01-01T00:00:00Z" } },
      true,
    ],
    ["it takes an empty object as present; in a canonical document there is none", "name pr", { name: {} }, false],
    [
      "it lets two elements pass a value path together; ours must be one (RFC 7644 section 3.4.2.2)",
      'emails[value eq "a" and type eq "c"]',
      {
        emails: [
          { value: "a", type: "b" },
          { value: "b", type: "c" },
        ],
      },
      false,
    ],
  ])("differs: %s", (_reason, text, resource, expected) => {
    expect(ours(text, resource)).toBe(expected);
    expect(theirs(text, resource)).toBe(!expected);
  });
});

/** The same operations through scim-patch, without what it adds to a resource. */
function patchTheirs(document: JsonObject, operations: Json[]): JsonObject {
  const resource = { schemas: [], meta: {}, ...structuredClone(document) };
  const patched = scimPatch(resource as never, operations as never, { mutateDocument: false, treatMissingAsAdd: true });
  const { schemas: _schemas, meta: _meta, ...rest } = patched as unknown as JsonObject;
  return rest;
}
const patchOurs = (document: JsonObject, Operations: Json[]) =>
  applyPatch(User, document, parsePatch(User, { Operations })).document;

const BASE: JsonObject = {
  userName: "a",
  title: "t",
  name: { givenName: "G", familyName: "F" },
  emails: [
    { value: "w@x.test", type: "work", primary: true },
    { value: "h@x.test", type: "home" },
  ],
};

describe("scim-patch", () => {
  it.each<[string, Json[]]>([
    ["replace a simple attribute", [{ op: "replace", path: "title", value: "n" }]],
    ["add a simple attribute", [{ op: "add", path: "nickName", value: "n" }]],
    ["replace a sub-attribute", [{ op: "replace", path: "name.givenName", value: "N" }]],
    ["remove a simple attribute", [{ op: "remove", path: "title" }]],
    ["remove a sub-attribute", [{ op: "remove", path: "name.givenName" }]],
    ["remove by filter", [{ op: "remove", path: 'emails[type eq "home"]' }]],
    ["replace in a selected element", [{ op: "replace", path: 'emails[type eq "home"].value', value: "n@x.test" }]],
    ["add to a list", [{ op: "add", path: "emails", value: [{ value: "o@x.test", type: "other" }] }]],
    ["add what is there", [{ op: "add", path: "emails", value: [{ value: "h@x.test", type: "home" }] }]],
    ["replace without a path", [{ op: "replace", value: { title: "n", nickName: "N" } }]],
    ["dotted keys without a path", [{ op: "add", value: { "name.middleName": "M" } }]],
    [
      "several operations",
      [
        { op: "remove", path: "title" },
        { op: "add", path: "title", value: "n" },
      ],
    ],
    ["create the element of a value path", [{ op: "add", path: 'phoneNumbers[type eq "work"].value', value: "1" }]],
    ["remove the whole list", [{ op: "remove", path: "emails" }]],
    ["remove by value", [{ op: "remove", path: "emails", value: [{ value: "h@x.test", type: "home" }] }]],
  ])("agrees: %s", (_name, operations) => expect(patchOurs(BASE, operations)).toEqual(patchTheirs(BASE, operations)));

  it("differs: it keeps two primaries; RFC 7644 section 3.5.2 allows one", () => {
    const operations = [{ op: "replace", path: 'emails[type eq "home"].primary', value: true }];
    expect(patchOurs(BASE, operations).emails).toEqual([
      { value: "w@x.test", type: "work", primary: false },
      { value: "h@x.test", type: "home", primary: true },
    ]);
    expect(patchTheirs(BASE, operations).emails).toMatchObject([{ primary: true }, { primary: true }]);
  });

  it("differs: it stores a boolean's text as it came; we read it by the schema", () => {
    const operations = [{ op: "replace", path: "active", value: "False" }];
    expect(patchOurs(BASE, operations).active).toBe(false);
    expect(patchTheirs(BASE, operations).active).toBe("False");
  });

  it("differs: names in another case make a second attribute there", () => {
    const operations = [{ op: "replace", path: "Title", value: "n" }];
    expect(patchOurs(BASE, operations)).toEqual({ ...BASE, title: "n" });
    expect(patchTheirs(BASE, operations)).toMatchObject({ title: "t", Title: "n" });
  });
});
