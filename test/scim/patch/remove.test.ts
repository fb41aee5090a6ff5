import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../src/scim/json.ts";
import { applyPatch, parsePatch } from "../../../src/scim/patch/patch.ts";
import { resourceTypes } from "../../../src/scim/schema/resource-types.ts";

const { User } = resourceTypes();
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

function remove(document: JsonObject, path: string, value?: Json): JsonObject {
  const operation: JsonObject = { op: "Remove", path, ...(value === undefined ? {} : { value }) };
  return applyPatch(User, document, parsePatch(User, { Operations: [operation] })).document;
}

const WORK = { type: "work", value: "w@x.test", primary: true };
const HOME = { type: "home", value: "h@x.test" };
const BASE: JsonObject = {
  userName: "a",
  title: "t",
  name: { givenName: "A", familyName: "B" },
  emails: [WORK, HOME],
  [ENTERPRISE]: { department: "D", manager: { value: "m" } },
  "urn:acme:2.0:User": { site: "x" },
};

describe("remove", () => {
  it.each([
    ["title", "title"],
    ["TITLE", "title"],
    ["emails", "emails"],
    [ENTERPRISE, undefined],
    ["urn:acme:2.0:User", "urn:acme:2.0:User"],
    ["urn:acme:2.0:User:site", "urn:acme:2.0:User"],
  ])("takes %s away", (path, key) => {
    const after = remove(BASE, path);
    if (key !== undefined) expect(after[key]).toBeUndefined();
    expect(Object.keys(after).length).toBe(Object.keys(BASE).length - 1);
  });

  it("takes a part of a complex attribute, and the attribute with its last part", () => {
    expect(remove(BASE, "name.givenName").name).toEqual({ familyName: "B" });
    expect(remove({ userName: "a", name: { givenName: "A" } }, "name.givenName")).toEqual({ userName: "a" });
    expect(remove(BASE, "manager")[ENTERPRISE]).toEqual({ department: "D" });
  });

  it("takes a manager's address along with its value", () => {
    const before = { userName: "a", [ENTERPRISE]: { manager: { value: "1", $ref: "https://h/Users/1" } } };
    expect(remove(before, "manager.value")).toEqual({ userName: "a" });
  });

  it("takes the elements a filter selects", () => {
    expect(remove(BASE, 'emails[type eq "home"]').emails).toEqual([WORK]);
    expect(remove(BASE, "emails[value pr]").emails).toBeUndefined();
    expect(remove(BASE, 'emails[type eq "home"].value').emails).toEqual([WORK]);
    expect(remove(BASE, 'emails[type eq "work"].primary').emails).toEqual([
      { type: "work", value: "w@x.test", primary: true },
      HOME,
    ]);
  });

  it.each<Json>([[{ value: "H@X.test" }], { value: "h@x.test" }, ["h@x.test"], "h@x.test", [{ type: "home" }], [HOME]])(
    "takes the elements that the value %j names",
    (value) => expect(remove(BASE, "emails", value).emails).toEqual([WORK]),
  );

  it("takes a single value away whatever value is sent along", () => {
    expect(remove(BASE, "manager", { value: "m" })[ENTERPRISE]).toEqual({ department: "D" });
    expect(remove(BASE, "title", "t").title).toBeUndefined();
  });

  it.each<[string, Json, JsonObject]>([
    ["manager", [{ value: "m" }], { [ENTERPRISE]: { department: "D" } }],
    [`${ENTERPRISE}:manager`, [{ $ref: null, value: "m" }], { [ENTERPRISE]: { department: "D" } }],
    [`${ENTERPRISE}:department`, ["D"], { [ENTERPRISE]: { manager: { value: "m" } } }],
    ['emails[type eq "home"]', [{ value: "h@x.test" }], { emails: [WORK] }],
    ['emails[type eq "home"].value', ["h@x.test"], { emails: [WORK] }],
  ])("takes %s away when its value comes as an array, %j", (path, value, changed) => {
    expect(remove(BASE, path, value)).toEqual({ ...BASE, ...changed });
  });

  it("takes named values out of a list in a custom extension, and a single value away", () => {
    const before = { userName: "a", "urn:acme:2.0:User": { Tags: ["a", "b"], site: "x" } };
    const left = (path: string, value: Json) => remove(before, `urn:acme:2.0:User:${path}`, value)["urn:acme:2.0:User"];
    expect(left("tags", ["b"])).toEqual({ Tags: ["a"], site: "x" });
    expect(left("tags", "b")).toEqual({ Tags: ["a"], site: "x" });
    expect(left("tags", ["b", "a"])).toEqual({ site: "x" });
    expect(left("tags", [])).toEqual({ Tags: ["a", "b"], site: "x" });
    expect(left("site", ["x"])).toEqual({ Tags: ["a", "b"] });
    expect(left("site", { $ref: null, value: "x" })).toEqual({ Tags: ["a", "b"] });
    expect(left("tags", { value: "a" })).toEqual({ Tags: ["b"], site: "x" });
  });

  it("takes the named attributes of a custom extension, in any case", () => {
    const before = { userName: "a", "urn:acme:2.0:User": { site: "x", Floor: 1 } };
    expect(remove(before, "urn:ACME:2.0:User", { FLOOR: 1 })).toEqual({
      userName: "a",
      "urn:acme:2.0:User": { site: "x" },
    });
    expect(remove(before, "urn:acme:2.0:User:floor")).toEqual({ userName: "a", "urn:acme:2.0:User": { site: "x" } });
  });
});

describe("a remove of what is not named, not there or not to be removed", () => {
  it.each<Json>([[], {}, { id: "25" }, [{ id: "25" }], { $ref: null, value: "" }])(
    "takes nothing out of a list for %j, which names no value",
    (value) => expect(remove(BASE, "emails", value)).toEqual(BASE),
  );

  it("leaves an attribute that is not there alone", () => {
    expect(remove(BASE, "nickName")).toEqual(BASE);
    expect(remove(BASE, "phoneNumbers.type")).toEqual(BASE);
  });

  it("changes nothing when a filter selects nothing, so that a remove sent twice ends well", () => {
    expect(remove(BASE, 'emails[type eq "other"]')).toEqual(BASE);
    expect(remove(BASE, 'ims[type eq "aim"].value')).toEqual(BASE);
  });

  it("answers noTarget without a path and value", () => {
    expect(() => parsePatch(User, { Operations: [{ op: "remove" }] })).toThrow(
      expect.objectContaining({ scimType: "noTarget" }),
    );
  });

  it.each(["userName", "id", "groups", "meta"])("refuses to remove %s with mutability", (path) => {
    expect(() => remove(BASE, path)).toThrow(expect.objectContaining({ status: 400, scimType: "mutability" }));
  });
});
