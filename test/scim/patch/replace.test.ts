import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../src/scim/json.ts";
import { applyPatch, parsePatch } from "../../../src/scim/patch/patch.ts";
import { resourceTypes } from "../../../src/scim/schema/resource-types.ts";

const { User } = resourceTypes();
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

function replace(document: JsonObject, path: string | undefined, value: Json): JsonObject {
  const operation = { op: "Replace", ...(path === undefined ? {} : { path }), value };
  return applyPatch(User, document, parsePatch(User, { Operations: [operation] })).document;
}

const WORK = { type: "work", value: "w@x.test", primary: true };
const HOME = { type: "home", value: "h@x.test" };
const BASE: JsonObject = { userName: "a", name: { givenName: "A", familyName: "B" }, emails: [WORK, HOME] };

describe("replace", () => {
  it("changes one e-mail and keeps the others and the primary", () => {
    expect(replace(BASE, 'emails[type eq "work"].value', "n@x.test").emails).toEqual([
      { ...WORK, value: "n@x.test" },
      HOME,
    ]);
    expect(replace(BASE, 'emails[type eq "home"].Value', "n@x.test").emails).toEqual([
      WORK,
      { ...HOME, value: "n@x.test" },
    ]);
  });

  it("creates the element a value path describes", () => {
    expect(replace({ userName: "a" }, 'emails[type eq "work"].value', "n@x.test").emails).toEqual([
      { type: "work", value: "n@x.test", primary: true },
    ]);
  });

  it.each(['emails[type eq "x" or type eq "y"].value', 'emails[type co "x"].value', "emails[not (type pr)].value"])(
    "answers noTarget when %s describes no element",
    (path) => expect(() => replace(BASE, path, "v")).toThrow(expect.objectContaining({ scimType: "noTarget" })),
  );

  it.each<[string, Json]>([
    ['name[givenName eq "Z"].familyName', "K"],
    ['name[givenName eq "Z"]', { familyName: "K" }],
  ])("answers noTarget when %s does not match the one value there is, or may be", (path, value) => {
    expect(() => replace(BASE, path, value)).toThrow(expect.objectContaining({ status: 400, scimType: "noTarget" }));
    expect(() => replace({ userName: "a" }, path, value)).toThrow(expect.objectContaining({ scimType: "noTarget" }));
  });

  it("changes only the named part of a complex attribute", () => {
    expect(replace(BASE, "name.familyName", "N").name).toEqual({ givenName: "A", familyName: "N" });
    expect(replace(BASE, "name", { familyName: "N" }).name).toEqual({ givenName: "A", familyName: "N" });
    expect(replace(BASE, undefined, { name: { familyName: "N" } }).name).toEqual({ givenName: "A", familyName: "N" });
  });

  it("exchanges a whole list", () => {
    expect(replace(BASE, "emails", [{ value: "z@x.test" }]).emails).toEqual([{ value: "z@x.test", primary: true }]);
    expect(replace(BASE, "emails", "z@x.test").emails).toEqual([{ value: "z@x.test", primary: true }]);
  });

  it("exchanges a selected element and keeps its type", () => {
    expect(replace(BASE, 'emails[type eq "home"]', { value: "z@x.test" }).emails).toEqual([
      WORK,
      { type: "home", value: "z@x.test" },
    ]);
  });

  it("shows an empty list of e-mails as it was sent, and takes any other for no value", () => {
    expect(replace(BASE, "emails", []).emails).toEqual([]);
    expect(replace(BASE, undefined, { emails: [] }).emails).toEqual([]);
    expect(replace({ ...BASE, roles: [{ value: "r" }] }, "roles", []).roles).toBeUndefined();
  });

  it.each([null, "", " ", [""], {}])("clears by replacing with %j", (value) => {
    expect(replace({ ...BASE, title: "x" }, "emails", value).emails).toBeUndefined();
    expect(
      replace({ ...BASE, name: { givenName: "A" } }, "name.givenName", value === null ? null : "").name,
    ).toBeUndefined();
  });

  it.each<[string, Json]>([
    [`${ENTERPRISE}:manager`, { value: "" }],
    [`${ENTERPRISE}:manager`, { value: "", displayName: "M" }],
    [`${ENTERPRISE}:manager`, ""],
    [`${ENTERPRISE}:manager`, null],
    ["manager", []],
    [ENTERPRISE, { manager: null }],
  ])("clears a manager by %s %j, and the empty extension with it", (path, value) => {
    expect(replace({ userName: "a", [ENTERPRISE]: { manager: { value: "m" } } }, path, value)).toEqual({
      userName: "a",
    });
  });

  it.each<[string | undefined, Json, JsonObject]>([
    ["name", { middleName: null }, { givenName: "A", familyName: "B" }],
    ["name", [{ MiddleName: " " }], { givenName: "A", familyName: "B" }],
    ["name", { givenName: "X", middleName: null }, { givenName: "X", familyName: "B" }],
    [undefined, { name: { middleName: null } }, { givenName: "A", familyName: "B" }],
    ['name[givenName eq "A"]', { middleName: null, familyName: "X" }, { givenName: "A", familyName: "X" }],
  ])("clears only the blank parts of a name: %s %j", (path, value, name) => {
    const before = { ...BASE, name: { givenName: "A", familyName: "B", middleName: "M" } };
    expect(replace(before, path, value)).toEqual({ ...BASE, name });
  });

  it("clears a name with its last part", () => {
    const before = { userName: "a", name: { middleName: "M" } };
    const clear = { op: "replace", path: "name", value: { middleName: null, givenName: "" } };
    const patch = (...Operations: Json[]) => applyPatch(User, before, parsePatch(User, { Operations })).document;
    expect(patch(clear)).toEqual({ userName: "a" });
  });
});

describe("elements that a value path selects", () => {
  it.each([
    ["addresses[type pr]", 3],
    ['addresses[not (type eq "home")]', 2],
    ['addresses[country eq "IT"]', 2],
  ])("exchanges each of several selected elements, which keeps its own type: %s", (path, count) => {
    const types = ["home", "work", "other"];
    const addresses: Json[] = [
      { type: "home", locality: "Turin" },
      { type: "work", locality: "Rome", country: "IT" },
      { type: "other", country: "IT" },
    ];
    expect(replace({ userName: "u", addresses }, path, { locality: "Pisa" }).addresses).toEqual([
      ...addresses.slice(0, 3 - count),
      ...types.slice(3 - count).map((type) => ({ type, locality: "Pisa" })),
    ]);
  });

  it.each(["value pr", "floor eq 1", "primary eq true", "not (room pr)", "type pr and floor eq 1"])(
    "finds elements of a custom list by a value path without quotes, whatever the value is: %s",
    (filter) => {
      const X = "urn:x:1.0:User";
      const badge = { type: "a", value: "1", floor: 1, primary: true };
      const before: JsonObject = { userName: "u", [X]: { badges: [badge, { room: 2 }] } };
      for (const value of [{ desk: 3 }, [{ desk: 3 }]])
        for (const [path, sent] of [
          [`${X}:badges[${filter}]`, value],
          [undefined, { [`${X}:badges[${filter}]`]: value }],
        ] as const) {
          const operation = { op: "add", ...(path === undefined ? {} : { path }), value: sent };
          const { document } = applyPatch(User, before, parsePatch(User, { Operations: [operation] }));
          expect(document[X]).toEqual({ badges: [{ ...badge, desk: 3 }, { room: 2 }] });
          expect(Object.keys(document)).toEqual(["userName", X]);
        }
    },
  );

  it("sets the `value` of selected elements of a custom list by a bare one, and takes none of their parts away", () => {
    const X = "urn:x:1.0:User";
    const before: JsonObject = {
      userName: "u",
      [X]: { badges: [{ type: "a", value: "1", floor: 1 }, { type: "b" }, "p"] },
    };
    for (const op of ["add", "replace"])
      for (const value of ["2", ["2"], [["2"]]]) {
        const operation = { op, path: `${X}:badges[type eq "a" or value eq "p"]`, value };
        expect(applyPatch(User, before, parsePatch(User, { Operations: [operation] })).document[X]).toEqual({
          badges: [{ type: "a", value: "2", floor: 1 }, { type: "b" }, "2"],
        });
      }
    expect(() => replace(before, `${X}:badges[type eq "a"]`, ["2", "3"])).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidValue" }),
    );
  });

  it("exchanges several selected elements of a custom list each, and keeps equal ones once, of which one is primary", () => {
    const X = "urn:x:1.0:User";
    const badges: Json[] = [
      { type: "a", value: "1", floor: 1 },
      { type: "b", value: "2" },
      { type: "b", value: "3" },
    ];
    const roles: Json[] = [
      { type: "a", value: "1" },
      { type: "a", value: "2", primary: true },
    ];
    const before = { userName: "u", roles, [X]: { badges } };
    expect(replace(before, `${X}:badges[value pr]`, { value: "9" })[X]).toEqual({
      badges: [
        { type: "a", value: "9" },
        { type: "b", value: "9" },
      ],
    });
    expect(replace(before, 'roles[type eq "a"]', { value: "9", primary: true }).roles).toEqual([
      { type: "a", value: "9", primary: true },
    ]);
    const toPrimary = { op: "replace", path: "emails[type pr]", value: { value: "z@x.test", primary: true } };
    const { document, notes } = applyPatch(User, BASE, parsePatch(User, { Operations: [toPrimary] }));
    expect(document.emails).toEqual([
      { type: "work", value: "z@x.test", primary: true },
      { type: "home", value: "z@x.test", primary: false },
    ]);
    expect(notes).toEqual([{ kind: "primary_twice", path: "emails", value: "z@x.test" }]);
  });
});

describe("replace of elements, managers and extensions", () => {
  it("clears only the blank parts of a selected element, but the element with its value", () => {
    const work = { ...WORK, display: "W" };
    const emails = (value: Json) => replace({ ...BASE, emails: [work, HOME] }, 'emails[type eq "work"]', value).emails;
    expect(emails({ display: null })).toEqual([WORK, HOME]);
    expect(emails({ display: null, value: "n@x.test" })).toEqual([{ ...WORK, value: "n@x.test" }, HOME]);
    expect(emails({ value: "", display: null })).toEqual([{ ...HOME, primary: true }]);
    const addresses: Json[] = [{ type: "work", locality: "L", region: "R" }];
    const region = { region: null };
    expect(replace({ userName: "a", addresses }, 'addresses[type eq "work"]', region).addresses).toEqual([
      { type: "work", locality: "L" },
    ]);
    expect(replace({ userName: "a" }, 'addresses[type eq "work"]', region)).toEqual({ userName: "a" });
    expect(replace({ userName: "a" }, 'addresses[type eq "work"]', { ...region, locality: "L" }).addresses).toEqual([
      { type: "work", locality: "L" },
    ]);
  });

  it.each<[string | undefined, Json, JsonObject]>([
    ["manager", "2", { value: "2" }],
    [`${ENTERPRISE}:manager`, { value: "2" }, { value: "2" }],
    ["manager.value", "2", { value: "2" }],
    [undefined, { [ENTERPRISE]: { manager: { value: "2" } } }, { value: "2" }],
    ["manager", { value: "2", $ref: "https://h/Users/2" }, { value: "2", $ref: "https://h/Users/2" }],
    ["manager", "1", { value: "1", $ref: "https://h/Users/1" }],
    ["manager", { $ref: null }, { value: "1" }],
  ])("keeps no address of another manager: %s %j", (path, value, manager) => {
    const before = { userName: "a", [ENTERPRISE]: { manager: { value: "1", $ref: "https://h/Users/1" } } };
    expect(replace(before, path, value)).toEqual({ userName: "a", [ENTERPRISE]: { manager } });
  });

  it("does not clear a manager of which only the read-only name is sent", () => {
    const before = { userName: "a", [ENTERPRISE]: { manager: { value: "m" } } };
    expect(replace(before, "manager", { displayName: "M" })).toEqual(before);
    expect(replace(before, "manager", { displayName: null })).toEqual(before);
    expect(replace(before, undefined, { [ENTERPRISE]: { manager: { displayName: "M" } } })).toEqual(before);
  });

  it("clears a value and with it the element that only had a type", () => {
    expect(replace(BASE, 'emails[type eq "home"].value', "").emails).toEqual([WORK]);
  });

  it("leaves an emptied value path without elements as it is", () => {
    expect(replace(BASE, 'phoneNumbers[type eq "fax"].value', null)).toEqual(BASE);
  });

  it("changes userName and refuses to empty it", () => {
    expect(replace(BASE, "userName", "New").userName).toBe("New");
    expect(() => replace(BASE, "userName", "")).toThrow(expect.objectContaining({ scimType: "invalidValue" }));
  });

  it("changes of a custom extension only what is named, by path or in an object", () => {
    const before = { userName: "a", "urn:acme:2.0:User": { site: "x", floor: 1 } };
    expect(replace(before, "urn:acme:2.0:User:site", "y")["urn:acme:2.0:User"]).toEqual({ site: "y", floor: 1 });
    expect(replace(before, undefined, { "urn:acme:2.0:User": { room: 5 } })["urn:acme:2.0:User"]).toEqual({
      site: "x",
      floor: 1,
      room: 5,
    });
  });

  it.each<[string | undefined, Json]>([
    ["urn:acme:2.0:User:site", { $ref: null, value: "y" }],
    ["URN:ACME:2.0:User:Site", { value: "y" }],
    [undefined, { "urn:acme:2.0:User:site": { $ref: null, value: "y" } }],
  ])("sets the wrapped value of a custom attribute: %s %j", (path, value) => {
    const before = { userName: "a", "urn:acme:2.0:User": { site: "x", floor: 1 } };
    const after = { userName: "a", "urn:acme:2.0:User": { site: "y", floor: 1 } };
    expect(replace(before, path, value)).toEqual(after);
    const { User: mapped } = resourceTypes([{ urn: "urn:acme:2.0:User", attributes: [{ name: "site" }] }]);
    const request = parsePatch(mapped, { Operations: [{ op: "Replace", ...(path && { path }), value }] });
    expect(applyPatch(mapped, before, request).document).toEqual(after);
  });

  it("takes an object as a custom extension when its URN ends with the resource type or it holds more than a value", () => {
    for (const [urn, extension] of [
      ["urn:acme:2.0:User", { value: "y" }],
      ["urn:acme:site", { value: "y", floor: 1 }],
    ] satisfies [string, JsonObject][])
      expect(replace({ userName: "a" }, urn, extension)).toEqual({ userName: "a", [urn]: extension });
  });
});

describe("replace of what must not be replaced so", () => {
  it("exchanges a selected element by a qualified path", () => {
    const path = 'urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq "home"]';
    expect(replace(BASE, path, { value: "z@x.test" }).emails).toEqual([WORK, { type: "home", value: "z@x.test" }]);
  });

  it.each(["id", "meta.created", "groups", "schemas", "meta", `${ENTERPRISE}:manager.displayName`])(
    "refuses the read-only path %s with mutability",
    (path) => expect(() => replace(BASE, path, "x")).toThrow(expect.objectContaining({ scimType: "mutability" })),
  );

  it.each<[string, Json]>([
    ["active", "maybe"],
    ["active", 2],
    ["title", { a: 1 }],
    ["title", ["a", "b"]],
    ["addresses", "Paris"],
    ["name", "Barbara"],
    ["emails", [["a", "b"]]],
    ['emails[type eq "work"].primary', "yes"],
  ])("refuses %s %j with invalidValue", (path, value) => {
    expect(() => replace(BASE, path, value)).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidValue" }),
    );
  });
});
