import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../src/scim/json.ts";
import { applyPatch, parsePatch } from "../../../src/scim/patch/patch.ts";
import { readResource } from "../../../src/scim/read-resource-body.ts";
import { resourceTypes } from "../../../src/scim/schema/resource-types.ts";

const { User, Group } = resourceTypes();
const E = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const Y = "urn:ietf:params:scim:schemas:extension:site:1.0:User";
const HELD: JsonObject = { userName: "a", name: { familyName: "L" }, [Y]: { s: "old", badge: 1 } };
const HOME = { value: "h", type: "home" };
const WORK = 'emails[type eq "work"]';

/** The two orders of the keys, in each form in which a client may send them. */
function forms(first: JsonObject, second: JsonObject): JsonObject[] {
  const orders = [
    { ...first, ...second },
    { ...second, ...first },
  ];
  return orders.flatMap((value): JsonObject[] => [
    { Operations: [{ op: "replace", value }] },
    { Operations: [{ op: "add", value: [value] }] },
    { Operations: [{ op: "replace", path: User.schema.id, value }] },
    { nickName: "N", ...value },
  ]);
}

function patch(body: JsonObject, held: JsonObject = HELD): JsonObject {
  return applyPatch(User, held, parsePatch(User, body)).document;
}

describe("keys of one object that lead to one place", () => {
  it.each<[JsonObject, JsonObject]>([
    [{ name: { givenName: "A" } }, { "name.givenName": "B" }],
    [{ [`${E}:manager.value`]: "m1" }, { [E]: { manager: { value: "m2" } } }],
    [{ [`${E}:manager`]: "m1" }, { [E]: { "manager.value": "m2" } }],
    [{ [`${Y}:m.k`]: 1 }, { [Y]: { m: { k: 2, z: 3 } } }],
    [{ [`${Y}:m.k`]: { d: 1 } }, { [Y]: { m: { K: { d: 2 } } } }],
    [{ [`${Y}:s`]: "a" }, { [Y]: { S: "b" } }],
    [{ [`${Y}:l`]: ["a"] }, { [Y]: { l: ["a", "b"] } }],
    [{ [`${Y}:l`]: ["a"] }, { [Y]: { l: { value: "a" } } }],
    [{ [`${Y}:l`]: [{ value: "a", n: 1 }] }, { [`${Y}:l[value eq "a"].n`]: 2 }],
    [{ [`${WORK}.value`]: "a" }, { 'emails[type eq "WORK"].value': "b" }],
    [{ [`${WORK}.value`]: "a" }, { [WORK]: { value: "b" } }],
    [{ [`${WORK}.value`]: "a" }, { emails: [{ value: "b", type: "work" }, HOME] }],
    [{ "emails.value": "a" }, { emails: [HOME] }],
    [{ title: "a" }, { TITLE: "b" }],
  ])("are refused where they contradict each other, in any order: %j and %j", (first, second) => {
    for (const body of forms(first, second))
      expect(() => patch(body), JSON.stringify(body)).toThrow(/given more than once, with different values/);
  });

  it.each<[JsonObject, JsonObject, JsonObject]>([
    [{ name: { givenName: "A" } }, { "name.givenName": "A" }, { name: { givenName: "A", familyName: "L" } }],
    [{ name: { givenName: "A" } }, { NAME: { middleName: "M" } }, { name: { givenName: "A", middleName: "M" } }],
    [{ name: { givenName: "A" } }, { "name.givenName": null }, { name: { givenName: "A", familyName: "L" } }],
    [{ name: { givenName: null, middleName: "M" } }, { "name.givenName": "B" }, { name: { givenName: "B" } }],
    [{ name: { givenName: null, middleName: "M" } }, { NAME: { givenName: "B", middleName: null } }, {}],
    [{ "name.givenName": "B" }, { name: null }, { name: { givenName: "B" } }],
    [{ title: "T" }, { TITLE: null }, { title: "T" }],
    [{ userName: "b" }, { USERNAME: null }, { userName: "b" }],
    [{ [`${Y}:s`]: "B" }, { [Y]: null }, { [Y]: { s: "B" } }],
    [{ [`${Y}:s`]: "B" }, { [Y]: { S: null } }, { [Y]: { s: "B", badge: 1 } }],
    [{ [`${Y}:m.k`]: 1 }, { [Y]: { m: { z: 3 } } }, { [Y]: { s: "old", badge: 1, m: { k: 1, z: 3 } } }],
    [{ [`${Y}:m`]: "v" }, { [Y]: { m: { z: 3 } } }, { [Y]: { s: "old", badge: 1, m: { value: "v", z: 3 } } }],
    [
      { [`${E}:manager.$ref`]: "../Users/m" },
      { [`${E}:manager.value`]: "m" },
      { [E]: { manager: { value: "m", $ref: "../Users/m" } } },
    ],
    [{ [`${WORK}.value`]: "w" }, { emails: null }, { emails: [{ value: "w", type: "work", primary: true }] }],
    [{ [`${WORK}.value`]: "w" }, { [`${WORK}.value`]: "w", title: "T" }, { title: "T" }],
    [{ [`${WORK}.value`]: "w" }, { [`${WORK}.type`]: "other" }, {}],
  ])("are joined where they agree, in any order: %j and %j", (first, second, expected) => {
    const held = { ...HELD, [E]: { manager: { value: "old", $ref: "../Users/old" } } };
    const results = forms(first, second).map((body) => ({ ...patch(body, held), nickName: "N" }));
    const [result] = results;
    expect(result).toMatchObject(expected);
    for (const other of results) expect(other).toEqual(result);
  });

  it("keep all that they name of a list and of elements of it", () => {
    for (const body of forms({ [`${WORK}.value`]: "w" }, { emails: [HOME] }))
      expect(patch(body).emails).toEqual([
        expect.objectContaining(HOME),
        expect.objectContaining({ value: "w", type: "work" }),
      ]);
    for (const body of forms({ [WORK]: { value: "w" } }, { 'emails[type eq "WORK"]': { display: "W" } }))
      expect(patch(body).emails).toEqual([expect.objectContaining({ value: "w", display: "W" })]);
  });

  it("may not say different things of an element that two filters select", () => {
    const held = { ...HELD, emails: [{ value: "old", type: "work", primary: true }, HOME] };
    const primary = "emails[primary eq true]";
    for (const body of forms({ [`${WORK}.value`]: "a" }, { [`${primary}.value`]: "b" }))
      expect(() => patch(body, held)).toThrow(/emails.value is given more than once/);
    for (const body of forms({ [WORK]: { value: "a" } }, { [primary]: { value: "b" } }))
      expect(() => patch(body, held)).toThrow(/emails is given more than once/);
    for (const body of forms({ [`${WORK}.value`]: "a" }, { [`${primary}.display`]: "D" }))
      expect(patch(body, held).emails).toEqual([{ value: "a", type: "work", primary: true, display: "D" }, HOME]);
    for (const body of forms({ [`${WORK}.value`]: "a" }, { 'emails[type eq "home"].value': "b" }))
      expect(patch(body, held).emails).toEqual([
        { value: "a", type: "work", primary: true },
        { ...HOME, value: "b" },
      ]);
  });

  it("may not say different things of an element that becomes the primary one on the way", () => {
    const primary = "emails[primary eq true].value";
    for (const body of forms({ [primary]: "a" }, { emails: [HOME] }))
      expect(() => patch(body)).toThrow(/emails.value is given more than once/);
    for (const body of forms({ [primary]: "a" }, { [`${WORK}.value`]: "b" }))
      expect(patch(body).emails).toEqual([
        { value: "a", primary: true },
        { value: "b", type: "work" },
      ]);
  });

  it("may not name other members", () => {
    const sent: JsonObject = { members: [{ value: "1" }], Members: [{ value: "2" }] };
    expect(() => readResource(Group, { displayName: "G", ...sent })).toThrow(/members is given more than once/);
    expect(() => parsePatch(Group, { Operations: [{ op: "replace", value: sent }] })).toThrow(/members is given/);
    const same: JsonObject = { members: [{ value: "1" }], Members: ["1"] };
    expect(readResource(Group, { displayName: "G", ...same }).members).toEqual([{ value: "1" }]);
    const chosen: Json = { 'members[value eq "2"]': { value: "2" }, members: ["1"] };
    expect(parsePatch(Group, { Operations: [{ op: "replace", value: chosen }] }).operations).toEqual([
      expect.objectContaining({
        operations: [
          { kind: "replace", members: [{ value: "1" }] },
          { kind: "add", members: [{ value: "2" }] },
        ],
      }),
    ]);
  });

  it("of a SCIM 1.1 body are set after what meta.attributes takes away", () => {
    const meta = { attributes: ["title"] };
    for (const body of [
      { title: "T", meta },
      { meta, title: "T" },
    ])
      expect(patch(body, { userName: "a", title: "old" }).title).toBe("T");
  });
});
