import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../src/scim/json.ts";
import { applyPatch, parsePatch } from "../../../src/scim/patch/patch.ts";
import { resourceTypes } from "../../../src/scim/schema/resource-types.ts";

const { User } = resourceTypes();
const BASE: JsonObject = { userName: "a", emails: [{ value: "x@y.test", primary: true }], name: { givenName: "A" } };

describe("a PATCH", () => {
  it("changes nothing when one operation is bad, and never the given document", () => {
    const before = structuredClone(BASE);
    const Operations: Json[] = [
      { op: "replace", path: "name.givenName", value: "B" },
      { op: "replace", path: 'emails[type ne "work" and value co "fax"]', value: "x@y.z" },
    ];
    expect(() => applyPatch(User, BASE, parsePatch(User, { Operations }))).toThrow(
      /Operations\[1\] .*no element matches/,
    );
    applyPatch(User, BASE, parsePatch(User, { Operations: [{ op: "replace", value: { emails: [], name: null } }] }));
    expect(BASE).toEqual(before);
  });

  it.each<JsonObject>([
    { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"] },
    { schemas: [] },
    { Operations: [] },
    { SCHEMAS: ["x"], operations: [] },
  ])("changes nothing by %j, and notes it", (body) => {
    const { document, notes } = applyPatch(User, BASE, parsePatch(User, body));
    expect(document).toEqual(BASE);
    expect(notes).toEqual([{ kind: "nothing_named", path: "Operations", value: null }]);
  });

  it.each(["operations", "OPERATIONS"])("finds its operations under %s", (key) => {
    const body = { [key]: [{ OP: "REPLACE", Path: "title", VALUE: "t" }] };
    expect(applyPatch(User, BASE, parsePatch(User, body)).document.title).toBe("t");
  });

  it("notes and ignores a well-formed path that no schema has", () => {
    const Operations: Json[] = [
      { op: "replace", path: "foo.bar", value: "x" },
      { op: "add", value: { shoeSize: 43, "name.shoe": 1 } },
      { op: "add", path: 'emails[type eq "work"].foo', value: 1 },
      { op: "add", path: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:foo", value: 1 },
    ];
    const { document, notes } = applyPatch(User, BASE, parsePatch(User, { Operations }));
    expect(document).toEqual(BASE);
    expect(notes.map((note) => note.path)).toEqual([
      "foo.bar",
      "shoeSize",
      "name.shoe",
      'emails[type eq "work"].foo',
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:foo",
    ]);
  });

  it.each([
    [{}, "invalidSyntax"],
    [{}, "invalidSyntax"],
    [{ schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operation: [] }, "invalidSyntax"],
    [{ schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], title: "x" }, "invalidSyntax"],
    [{ Operations: null }, "invalidSyntax"],
    [{ Operations: "x" }, "invalidSyntax"],
    [{ Operations: [1] }, "invalidSyntax"],
    [{ Operations: [{ path: "title", value: "x" }] }, "invalidSyntax"],
    [{ Operations: [{ op: "move", path: "title", value: "x" }] }, "invalidSyntax"],
    [{ Operations: [{ op: "add", path: 5, value: "x" }] }, "invalidPath"],
    [{ Operations: [{ op: "add", path: "title" }] }, "invalidValue"],
    [{ Operations: [{ op: "add", value: "x" }] }, "invalidValue"],
    [{ Operations: [{ op: "replace" }] }, "invalidValue"],
    [{ Operations: [{ op: "add", path: "emails[", value: "x" }] }, "invalidPath"],
    [{ Operations: [{ op: "add", path: "emails]x", value: "x" }] }, "invalidPath"],
    [{ Operations: [{ op: "add", path: 'emails[type eq "work"]value', value: "x" }] }, "invalidPath"],
    [{ Operations: [{ op: "add", path: 'title[type eq "work"]', value: "x" }] }, "invalidPath"],
    [{ Operations: [{ op: "add", path: "name..givenName", value: "x" }] }, "invalidPath"],
    [{ Operations: [{ op: "add", path: "a.b.c", value: "x" }] }, "invalidPath"],
    [{ Operations: [{ op: "add", path: "two words", value: "x" }] }, "invalidPath"],
    [{ Operations: [{ op: "add", path: "emails[type is 5]", value: "x" }] }, "invalidFilter"],
    [{ Operations: [{ op: "add", path: "emails[]", value: "x" }] }, "invalidFilter"],
  ])("refuses %j with %s", (body, scimType) => {
    expect(() => parsePatch(User, body as JsonObject)).toThrow(expect.objectContaining({ status: 400, scimType }));
  });
});

describe("a PATCH as older and other clients send it", () => {
  it("reads a user's SCIM 1.1 PATCH: attributes as they are, and what to delete", () => {
    const body: JsonObject = {
      active: "False",
      emails: [
        { value: "x@y.test", operation: "delete" },
        { value: "n@y.test", type: "work" },
      ],
      meta: { attributes: ["name.givenName"] },
    };
    expect(applyPatch(User, BASE, parsePatch(User, body)).document).toEqual({
      userName: "a",
      active: false,
      emails: [{ value: "n@y.test", type: "work", primary: true }],
    });
  });

  it("applies the whole replace body of Microsoft's validator", () => {
    const Operations: Json[] = [
      { op: "replace", path: 'emails[type eq "work"].value', value: "e@x.test" },
      { op: "replace", path: 'emails[type eq "work"].primary', value: true },
      { op: "replace", path: 'addresses[type eq "work"].postalCode', value: "wp2 3oc" },
      { op: "replace", path: 'phoneNumbers[type eq "mobile"].value', value: "33-749-9990" },
      { op: "replace", path: 'roles[primary eq "True"].value', value: "JVQB" },
      {
        op: "replace",
        value: {
          active: true,
          "name.honorificPrefix": "Cheyenne",
          "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "ERQ",
        },
      },
    ];
    const { document } = applyPatch(User, { userName: "a" }, parsePatch(User, { Operations }));
    expect(document).toEqual({
      userName: "a",
      emails: [{ type: "work", value: "e@x.test", primary: true }],
      addresses: [{ type: "work", postalCode: "wp2 3oc" }],
      phoneNumbers: [{ type: "mobile", value: "33-749-9990" }],
      roles: [{ primary: true, value: "JVQB" }],
      active: true,
      name: { honorificPrefix: "Cheyenne" },
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department: "ERQ" },
    });
  });
});
