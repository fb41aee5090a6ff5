import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../src/scim/json.ts";
import { readResource } from "../../src/scim/read-resource-body.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";

const { User, Group } = resourceTypes();
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const read = (body: JsonObject) => {
  const { userName, ...rest } = readResource(User, { userName: "a", ...body }).document;
  expect(userName).toBe("a");
  return rest;
};

describe("readResource", () => {
  it("reads Entra's second example: nulls, top-level department and manager, a URN without its colon", () => {
    const { document, notes } = readResource(User, {
      schemas: [
        "urn:ietf:params:scim:schemas:core:2.0:User",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0User",
      ],
      externalId: "kim",
      userName: "kim@x.test",
      addresses: null,
      department: "Sales",
      manager: "m1",
      title: null,
      meta: { resourceType: "User" },
      roles: [],
    });
    expect(document).toEqual({
      externalId: "kim",
      userName: "kim@x.test",
      [ENTERPRISE]: { department: "Sales", manager: { value: "m1" } },
    });
    expect(notes).toEqual([]);
  });

  it("reads OneLogin's template: active as text, id null, managerId, blank macros", () => {
    expect(
      read({
        [ENTERPRISE]: { department: " ", manager: { managerId: "m1", displayName: "M" } },
        active: "true",
        emails: [{ value: "a@x.test", type: "work", primary: true }],
        name: { familyName: "B", givenName: "", formatted: "  " },
        id: null,
        nickName: " ",
      }),
    ).toEqual({
      [ENTERPRISE]: { manager: { value: "m1" } },
      active: true,
      emails: [{ value: "a@x.test", type: "work", primary: true }],
      name: { familyName: "B" },
    });
  });

  it("drops a password, groups, id and meta, and says nothing of them", () => {
    const body = { userName: "a", password: "secret", groups: [], id: "x", meta: {}, PASSWORD: "s" };
    expect(readResource(User, body)).toEqual({ document: { userName: "a" }, notes: [] });
  });

  it.each<[JsonObject, JsonObject]>([
    [{ emails: { value: "x@y.test" } }, { emails: [{ value: "x@y.test", primary: true }] }],
    [{ emails: "x@y.test" }, { emails: [{ value: "x@y.test", primary: true }] }],
    [{ emails: ["x@y.test"] }, { emails: [{ value: "x@y.test", primary: true }] }],
    [
      { EMAILS: [{ VALUE: "x@y.test", Type: "work" }] },
      { emails: [{ value: "x@y.test", type: "work", primary: true }] },
    ],
    [{ emails: [null, { value: "" }, { type: "work", value: null, primary: true }] }, {}],
    [{ phoneNumbers: [{ value: "tel:+1-555-555-5555" }] }, { phoneNumbers: [{ value: "tel:+1-555-555-5555" }] }],
    [{ phoneNumbers: { value: 55555555555 } }, { phoneNumbers: [{ value: "55555555555" }] }],
    [{ roles: [{ primary: "True", value: "r" }] }, { roles: [{ primary: true, value: "r" }] }],
    [
      {
        roles: [
          { value: "r", primary: true },
          { value: "s", primary: "true" },
        ],
      },
      {
        roles: [
          { value: "r", primary: true },
          { value: "s", primary: false },
        ],
      },
    ],
    [{ addresses: [{ locality: "X", primary: "false" }] }, { addresses: [{ locality: "X", primary: false }] }],
    [{ name: { givenName: "A" }, "name.familyName": "B" }, { name: { givenName: "A", familyName: "B" } }],
    [{ "NAME.GIVENNAME": "A" }, { name: { givenName: "A" } }],
    [{ "emails.value": "x" }, { emails: [{ value: "x", primary: true }] }],
    [{ [`${ENTERPRISE}:department`]: "D" }, { [ENTERPRISE]: { department: "D" } }],
    [{ [ENTERPRISE.toLowerCase()]: { Department: "D" } }, { [ENTERPRISE]: { department: "D" } }],
    [{ "urn:scim:schemas:extension:enterprise:1.0": { department: "D" } }, { [ENTERPRISE]: { department: "D" } }],
    [{ "urn:scim:schemas:extension:enterprise:2.0": { department: "D" } }, { [ENTERPRISE]: { department: "D" } }],
    [{ "urn:ietf:params:scim:schemas:core:2.0:User": { title: "T" } }, { title: "T" }],
    [{ "urn:ietf:params:scim:schemas:core:2.0:User:title": "T" }, { title: "T" }],
    [
      { "urn:acme:2.0:User": { site: "S", n: 1, x: null, "any name": true } },
      { "urn:acme:2.0:User": { site: "S", n: 1, "any name": true } },
    ],
    [{ "urn:acme:2.0:User:site": "S" }, { "urn:acme:2.0:User": { site: "S" } }],
    [{ "urn:acme:2.0:User:site": { $ref: null, value: "S" } }, { "urn:acme:2.0:User": { site: "S" } }],
    [{ "urn:acme:2.0:User": { value: "S" } }, { "urn:acme:2.0:User": { value: "S" } }],
    [{ "urn:acme:custom:1.0": { a: 1 } }, { "urn:acme:custom:1.0": { a: 1 } }],
    [{ [ENTERPRISE]: null, "urn:acme:2.0:User": {} }, {}],
    [{ title: ["T"] }, { title: "T" }],
    [{ [ENTERPRISE]: { employeeNumber: 42 } }, { [ENTERPRISE]: { employeeNumber: "42" } }],
    [{ [ENTERPRISE]: { manager: [{ value: "m", $ref: null }] } }, { [ENTERPRISE]: { manager: { value: "m" } } }],
  ])("reads %j", (body, expected) => {
    expect(read(body)).toEqual(expected);
  });
});

describe("readResource, and what it keeps, notes and refuses", () => {
  it("keeps spelling and case of values", () => {
    const body = { userName: "Alice@X.com", emails: [{ value: "MiXed@Case.Test", type: "WORK", primary: true }] };
    expect(readResource(User, body).document).toEqual(body);
  });

  it("notes what no schema has and keeps the rest", () => {
    const { document, notes } = readResource(User, {
      userName: "a",
      shoeSize: 43,
      name: { givenName: "A", nick: "x" },
      [ENTERPRISE]: { foo: 1 },
      nothing: null,
    });
    expect(document).toEqual({ userName: "a", name: { givenName: "A" } });
    expect(notes.map((note) => note.path)).toEqual(["shoeSize", "name.nick", `${ENTERPRISE}:foo`]);
  });

  it("keeps attributes of a custom extension that a mapping names, in the mapping's spelling of the URN", () => {
    const types = resourceTypes([{ urn: "urn:acme:2.0:User", attributes: [{ name: "site" }] }]);
    const body = { userName: "a", "URN:ACME:2.0:user": { Site: "S", "other one": 5 } };
    expect(readResource(types.User, body).document).toEqual({
      userName: "a",
      "urn:acme:2.0:User": { Site: "S", "other one": 5 },
    });
  });

  it.each<[JsonObject, string]>([
    [{ userName: null }, "userName is required"],
    [{ userName: "  " }, "userName is required"],
    [{ active: "maybe" }, "active takes true or false"],
    [{ name: "Barbara" }, "name takes an object"],
    [{ title: { a: 1 } }, "title is a string"],
    [{ title: ["a", "b"] }, "title takes one value"],
    [{ addresses: ["Paris"] }, "addresses takes an object"],
    [{ [ENTERPRISE]: "x" }, "takes an object"],
  ])("refuses %j with invalidValue", (body, detail) => {
    const run = () => readResource(User, { userName: "a", ...body });
    expect(run).toThrow(expect.objectContaining({ status: 400, scimType: "invalidValue" }));
    expect(run).toThrow(detail);
  });
});

describe("readResource of a Group", () => {
  const members = (value: Json) => readResource(Group, { displayName: "g", members: value });

  it("tells no members from an empty list, and both from null", () => {
    expect(readResource(Group, { displayName: "g" })).toEqual({ document: { displayName: "g" }, notes: [] });
    expect(members([])).toEqual({ document: { displayName: "g" }, members: [], notes: [] });
    expect(members(null)).toEqual({ document: { displayName: "g" }, members: null, notes: [] });
  });

  it("reads members and counts each once", () => {
    expect(
      members([{ value: "u", display: "U", $ref: null }, "u", { value: "bulkId:x", type: "group" }]).members,
    ).toEqual([
      { value: "u", display: "U" },
      { value: "bulkId:x", type: "Group" },
    ]);
  });

  it("keeps Okta's description under its own URN and ignores Microsoft's schema", () => {
    const body = {
      schemas: ["http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
      displayName: "g",
      "urn:okta:custom:group:1.0": { description: "d" },
    };
    expect(readResource(Group, body).document).toEqual({
      displayName: "g",
      "urn:okta:custom:group:1.0": { description: "d" },
    });
  });

  it("refuses a group without a name", () => {
    expect(() => readResource(Group, { members: [] })).toThrow("displayName is required");
  });
});
