import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../src/scim/json.ts";
import { applyPatch, parsePatch } from "../../src/scim/patch/patch.ts";
import { readResource } from "../../src/scim/read-resource-body.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";

/** A list keeps 1,000 values at most, wherever it stands and however they come; equal ones are kept, and counted, once. */

const { User } = resourceTypes();
const X = "urn:acme:2.0:User";
const FEW = 1000;

const texts = (count: number, from = 0) => Array.from({ length: count }, (_, n) => `v${n + from}`);
const objects = (count: number, from = 0) => texts(count, from).map((value): Json => ({ value, note: "n" }));

type Make = (count: number, from?: number) => Json[];
/** Where a list may stand, with what a body says to have one there, and a PATCH to get more. */
const PLACES: [name: string, make: Make, body: (list: Json) => JsonObject, ...paths: string[]][] = [
  ["emails", objects, (emails) => ({ emails }), "emails"],
  ["of a custom extension", texts, (list) => ({ [X]: { list } }), `${X}:list`],
  ["of objects of a custom extension", objects, (list) => ({ [X]: { list } }), `${X}:list`],
  ["in an object", texts, (rooms) => ({ [X]: { floor: { rooms } } }), `${X}:floor.rooms`],
  ["of objects in an object", objects, (rooms) => ({ [X]: { floor: { rooms } } }), `${X}:floor.rooms`],
  ["in an object in an object", texts, (rooms) => ({ [X]: { site: { floor: { rooms } } } })],
  [
    "in an element of a list",
    texts,
    (tags) => ({ [X]: { desks: [{ value: "1", tags }] } }),
    `${X}:desks[value eq "1"].tags`,
    `${X}:desks.tags`,
  ],
];

function stored(body: JsonObject): JsonObject {
  return readResource(User, { userName: "a", ...body }).document;
}

function patched(document: JsonObject, ...Operations: JsonObject[]): JsonObject {
  return applyPatch(User, document, parsePatch(User, { Operations })).document;
}

describe.each(PLACES)("a list %s", (_name, make, body, ...paths) => {
  it("holds 1,000 values, and no more in a body", () => {
    expect(() => stored(body(make(FEW)))).not.toThrow();
    expect(() => stored(body(make(FEW + 1)))).toThrow(/takes at most 1000 values/);
  });

  it("gets no more by a PATCH either, which may change and shorten one that has more", () => {
    const document = stored(body(make(FEW - 1)));
    const ways = [
      (list: Json) => ({ op: "add", value: body(list) }),
      ...paths.map((path) => (list: Json) => ({ op: "add", path, value: list })),
    ];
    for (const add of ways) {
      const full = patched(document, add(make(1, FEW - 1)));
      expect(() => patched(full, add(make(FEW)))).not.toThrow();
      for (const operations of [
        [add(make(1, FEW))],
        [add(make(3, FEW - 2))],
        [add(make(1, FEW)), add(make(1, FEW + 1))],
      ])
        expect(() => patched(full, ...operations)).toThrow(/Operations\[\d\].* takes at most 1000 values/);
    }
  });
});

describe.each(PLACES.slice(0, 3))("equal values of a list %s", (_name, make, body, path = "") => {
  const twice = [...make(600), ...make(600)];

  it("are counted once, as they are kept once", () => {
    const once = stored(body(make(600)));
    expect(stored(body(twice))).toEqual(once);
    expect(patched({ userName: "a" }, { op: "add", path, value: twice })).toEqual(once);
    expect(patched({ userName: "a" }, { op: "replace", path, value: twice })).toEqual(once);
    expect(patched({ userName: "a" }, { op: "add", value: body(twice) })).toEqual(once);
    expect(() => stored(body([...twice, ...make(401, 600)]))).toThrow(/takes at most 1000 values/);
  });
});

describe("a list of a value path that makes an element", () => {
  it("gets no more than 1,000 by it", () => {
    const full = stored({ emails: objects(FEW) });
    const add = { path: 'emails[type eq "work"]', value: { value: "new" } };
    for (const op of ["add", "replace"])
      expect(() => patched(full, { op, ...add })).toThrow(/takes at most 1000 values/);
  });
});
