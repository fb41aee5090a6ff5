import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../src/scim/json.ts";
import { applyPatch, parsePatch } from "../../../src/scim/patch/patch.ts";
import { resourceTypes } from "../../../src/scim/schema/resource-types.ts";

const { User } = resourceTypes();
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

function add(document: JsonObject, ...operations: [path: string | undefined, value: Json][]): JsonObject {
  const Operations = operations.map(([path, value]) => ({ op: "Add", ...(path === undefined ? {} : { path }), value }));
  const { document: after } = applyPatch(User, { userName: "a", ...document }, parsePatch(User, { Operations }));
  const { userName, ...rest } = after;
  expect(userName).toBe("a");
  return rest;
}

describe("add", () => {
  it("sets a simple attribute, whatever it was", () => {
    expect(add({ title: "old" }, ["title", "new"])).toEqual({ title: "new" });
  });

  it.each(["False", "false", false, ["FALSE"], [{ $ref: null, value: "False" }]])(
    "reads active %j as false",
    (value) => {
      expect(add({ active: true }, ["active", value])).toEqual({ active: false });
    },
  );

  it("merges a complex attribute", () => {
    expect(add({ name: { givenName: "A" } }, ["name", { FamilyName: "B" }])).toEqual({
      name: { givenName: "A", familyName: "B" },
    });
  });

  it("clears only the blank parts of a complex attribute", () => {
    const name = { givenName: "G", middleName: "M" };
    expect(add({ name }, ["name", { middleName: " " }])).toEqual({ name: { givenName: "G" } });
    expect(add({ name }, [undefined, { name: { middleName: null, familyName: "F" } }])).toEqual({
      name: { givenName: "G", familyName: "F" },
    });
    const emails: Json[] = [{ value: "w", type: "work", display: "W", primary: true }];
    expect(add({ emails }, ['emails[type eq "work"]', { type: "home", display: null }])).toEqual({
      emails: [{ value: "w", type: "home", primary: true }],
    });
  });

  it("keeps no address of another manager", () => {
    const before = { [ENTERPRISE]: { manager: { value: "1", $ref: "https://h/Users/1" } } };
    expect(add(before, ["manager", [{ $ref: null, value: "2" }]])).toEqual({
      [ENTERPRISE]: { manager: { value: "2" } },
    });
  });

  it("appends elements and takes one object for a list", () => {
    expect(
      add({ phoneNumbers: [{ value: "1", type: "work" }] }, ["phoneNumbers", { value: "2", type: "home" }]),
    ).toEqual({
      phoneNumbers: [
        { value: "1", type: "work" },
        { value: "2", type: "home" },
      ],
    });
  });

  it("does not double a value that is there, and merges what it says more", () => {
    const phoneNumbers = [{ value: "1", type: "work" }];
    expect(add({ phoneNumbers }, ["phoneNumbers", [{ type: "Work", value: "1", display: "Office" }]])).toEqual({
      phoneNumbers: [{ value: "1", type: "Work", display: "Office" }],
    });
  });

  it("creates the element of a value path once, and later operations find it", () => {
    expect(
      add(
        {},
        ['addresses[type eq "work"].postalCode', "wp2 3oc"],
        ['addresses[type eq "work"].locality', "Paris"],
        ['ADDRESSES[Type EQ "WORK"].Country', "FR"],
      ),
    ).toEqual({ addresses: [{ type: "work", postalCode: "wp2 3oc", locality: "Paris", country: "FR" }] });
  });

  it('creates the element of roles[primary eq "True"] with a boolean', () => {
    expect(add({}, ['roles[primary eq "True"].value', "boss"])).toEqual({ roles: [{ primary: true, value: "boss" }] });
  });
});

describe("add, in the ways in which clients write it", () => {
  it("keeps one primary, the one that was just set", () => {
    const emails: Json[] = [
      { value: "a", type: "home", primary: true },
      { value: "b", type: "work" },
    ];
    expect(add({ emails }, ['emails[type eq "work"].primary', true])).toEqual({
      emails: [
        { value: "a", type: "home", primary: false },
        { value: "b", type: "work", primary: true },
      ],
    });
    expect(add({ emails }, ["emails", [{ value: "c", primary: "True" }]]).emails).toEqual([
      { value: "a", type: "home", primary: false },
      { value: "b", type: "work" },
      { value: "c", primary: true },
    ]);
  });

  it.each<[string, Json]>([
    [`${ENTERPRISE}:manager`, "m1"],
    [`${ENTERPRISE.toUpperCase()}:Manager`, { value: "m1" }],
    ["manager", [{ $ref: null, value: "m1" }]],
    ["manager", { managerId: "m1" }],
    [`${ENTERPRISE}:manager.value`, "m1"],
    [ENTERPRISE, { manager: "m1" }],
    ["urn:scim:schemas:extension:enterprise:1.0:manager", "m1"],
  ])("reads a manager from %s %j", (path, value) => {
    expect(add({}, [path, value])).toEqual({ [ENTERPRISE]: { manager: { value: "m1" } } });
  });

  it("takes dotted, qualified and value-path keys without a path", () => {
    expect(
      add({}, [
        undefined,
        {
          "name.givenName": "K",
          [`${ENTERPRISE}:department`]: "Retail",
          [ENTERPRISE]: { costCenter: 7 },
          'emails[type eq "work"].value': "k@x.test",
          DISPLAYNAME: "Kay",
          id: "ignored",
          meta: { resourceType: "User" },
          groups: [],
          schemas: [],
        },
      ]),
    ).toEqual({
      name: { givenName: "K" },
      [ENTERPRISE]: { department: "Retail", costCenter: "7" },
      emails: [{ type: "work", value: "k@x.test", primary: true }],
      displayName: "Kay",
    });
  });

  it("stores attributes of a custom extension as sent", () => {
    expect(
      add(
        {},
        ["urn:acme:2.0:User:site", "Paris"],
        ["URN:ACME:2.0:User:Site", "Rome"],
        ["urn:acme:2.0:User", { floor: 3 }],
      ),
    ).toEqual({
      "urn:acme:2.0:User": { site: "Rome", floor: 3 },
    });
    expect(add({}, [undefined, { "urn:okta:custom:user:1.0": { a: [1, null, ""] } }])).toEqual({
      "urn:okta:custom:user:1.0": { a: [1] },
    });
  });

  it("keeps Entra's role written as JSON text", () => {
    const value = '{"id":"06b07648","value":"25","displayName":"Role1234"}';
    expect(add({}, ["roles", [{ value }]])).toEqual({ roles: [{ value }] });
  });

  it.each([null, "", "  "])("clears by adding %j", (value) => {
    expect(add({ title: "x" }, ["title", value])).toEqual({});
  });

  it("sets a sub-attribute of every element", () => {
    const phoneNumbers = [{ value: "1" }, { value: "2" }];
    expect(add({ phoneNumbers }, ["phoneNumbers.type", "work"]).phoneNumbers).toEqual([
      { value: "1", type: "work" },
      { value: "2", type: "work" },
    ]);
  });

  it("drops a password", () => {
    expect(add({}, ["password", "secret"], [undefined, { password: "secret", title: "x" }])).toEqual({ title: "x" });
  });
});
