import { describe, expect, it } from "vitest";
import { parsePath, readValue, validateMappingPath } from "../../../src/scim/filter/attribute-path.ts";
import type { JsonObject } from "../../../src/scim/json.ts";
import { printPath } from "../../../src/scim/schema/attribute-name.ts";
import { resourceTypes } from "../../../src/scim/schema/resource-types.ts";

const { User } = resourceTypes();
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const DOCUMENT: JsonObject = {
  userName: "a",
  name: { givenName: "A" },
  emails: [
    { type: "home", value: "h" },
    { type: "work", value: "w", primary: true },
  ],
  phoneNumbers: [{ type: "work", value: "1" }, { value: "2" }],
  addresses: [{ type: "work", locality: "Paris" }],
  active: false,
  [ENTERPRISE]: { costCenter: "7", manager: { value: "m" } },
  "urn:acme:2.0:User": { Site: "S", tags: ["x", "y"], floor: { number: 3, value: "three" } },
};

describe("readValue", () => {
  it.each([
    ["name.givenName", "A"],
    ["emails", "w"],
    ["emails.type", "work"],
    ['emails[type eq "home"]', "h"],
    ['emails[type eq "home"].value', "h"],
    ['emails[type eq "other"].value', undefined],
    ["phoneNumbers", "1"],
    ['addresses[type eq "work"].locality', "Paris"],
    ["active", false],
    [`${ENTERPRISE}:costCenter`, "7"],
    ["costcenter", "7"],
    ["manager", "m"],
    [`${ENTERPRISE}:manager.value`, "m"],
    ["URN:acme:2.0:User:site", "S"],
    ["urn:acme:2.0:User:SITE", "S"],
    ["urn:acme:2.0:User:tags", "x"],
    ["urn:acme:2.0:User:floor", "three"],
    ["urn:acme:2.0:User:floor.number", 3],
    ["title", undefined],
    ["urn:nobody:User:x", undefined],
  ])("%s", (text, expected) => {
    expect(readValue(DOCUMENT, validateMappingPath(User, text))).toBe(expected);
  });
});

describe("readValue of several elements", () => {
  it.each<[string, JsonObject]>([
    ["emails", { emails: [{ type: "home", display: "H" }, { value: "x" }] }],
    [
      "emails",
      {
        emails: [
          { display: "H", primary: true },
          { value: "x", primary: false },
        ],
      },
    ],
    ["emails", { emails: [{ value: "y" }, { display: "H", primary: true }, { value: "x", primary: true }] }],
    ["phoneNumbers.value", { phoneNumbers: [{ display: "P" }, { value: "x" }] }],
    [
      'addresses[type eq "work"].locality',
      {
        addresses: [
          { type: "work", country: "FR" },
          { type: "work", locality: "x" },
        ],
      },
    ],
    ["urn:acme:2.0:User:site", { "urn:acme:2.0:User": { site: [{ note: "n", primary: true }, { value: "x" }] } }],
    ["urn:acme:2.0:User:site.room", { "urn:acme:2.0:User": { site: [{ note: "n" }, { room: "x" }] } }],
  ])("%s takes one that has the value: %j", (text, document) => {
    expect(readValue(document, validateMappingPath(User, text))).toBe("x");
  });
});

describe("parsePath", () => {
  it("resolves names, selections and sub-attributes in any case", () => {
    const parsed = parsePath(User, 'EMAILS[Type EQ "work"].VALUE');
    if (parsed.kind !== "attribute") throw new Error(parsed.kind);
    expect(printPath(parsed.path)).toBe("emails.value");
    expect(parsed.path.valueFilter).toMatchObject({ kind: "compare", operator: "eq", value: "work" });
  });

  it("finds the closing bracket behind one inside a string", () => {
    expect(parsePath(User, 'emails[type eq "a]b\\"]"].value').kind).toBe("attribute");
  });

  it.each(["foo", "foo.bar", "name.foo", 'foo[type eq "x"].y', `${ENTERPRISE}:foo`])("%s is unknown", (text) =>
    expect(parsePath(User, text).kind).toBe("unknown"),
  );

  it.each([
    ["", 1],
    ["emails[type", 7],
    ["emails.", 8],
    ["name.given name", 6],
    ["9lives", 1],
    ["urn:a:b:", 9],
  ])("%s is refused at character %i", (text, position) => {
    const run = () => parsePath(User, text);
    expect(run).toThrow(expect.objectContaining({ status: 400, scimType: "invalidPath" }));
    expect(run).toThrow(`character ${position}:`);
  });
});

describe("validateMappingPath tells an administrator what is wrong", () => {
  it.each([
    ["", "a SCIM attribute is due"],
    ["location", "no schema of User has this attribute"],
    ["name", "name has several parts; name one, for example name.formatted"],
    ["addresses", "for example addresses.formatted"],
    ['addresses[type eq "work"]', "addresses has several parts"],
    ["password", "password cannot be read"],
    [ENTERPRISE, "names a whole schema"],
    [`${ENTERPRISE}:foo`, "no schema of User"],
    ["emails[type eq work", "is not closed"],
  ])("%s", (text, reason) => expect(() => validateMappingPath(User, text)).toThrow(reason));
});
