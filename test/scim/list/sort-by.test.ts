import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../src/scim/json.ts";
import { parseSortBy } from "../../../src/scim/list/sort-by.ts";
import { resourceTypes } from "../../../src/scim/schema/resource-types.ts";
import { compareForSort, sortKey } from "./sort-in-memory.ts";

const { User } = resourceTypes();
const sorted = (by: string, order: "ascending" | "descending", resources: JsonObject[]) =>
  resources.toSorted(compareForSort(parseSortBy(User, by), order)).map((resource) => resource.id);

describe("sorting", () => {
  it("ignores case, puts no value last, and first when descending", () => {
    const people: JsonObject[] = [
      { id: "1", title: "b" },
      { id: "2" },
      { id: "3", title: "A" },
      { id: "4", title: "C" },
    ];
    expect(sorted("title", "ascending", people)).toEqual(["3", "1", "4", "2"]);
    expect(sorted("title", "descending", people)).toEqual(["2", "4", "1", "3"]);
  });

  it("is stable", () => {
    const people: JsonObject[] = [
      { id: "1", title: "a" },
      { id: "2", title: "A" },
      { id: "3", title: "a" },
    ];
    expect(sorted("title", "ascending", people)).toEqual(["1", "2", "3"]);
    expect(sorted("title", "descending", people)).toEqual(["1", "2", "3"]);
  });

  it("goes by the primary element, else the first", () => {
    const emails: Json[] = [{ value: "z" }, { value: "B", primary: true }];
    expect(sortKey(parseSortBy(User, "emails"), { emails })).toBe("b");
    expect(sortKey(parseSortBy(User, "emails.value"), { emails: [{ value: "z" }, { value: "b" }] })).toBe("z");
    expect(sortKey(parseSortBy(User, "emails.type"), { emails })).toBeNull();
  });

  it("orders booleans false first, times in time, exact texts by code point", () => {
    expect(
      sorted("active", "ascending", [
        { id: "1", active: true },
        { id: "2", active: false },
      ]),
    ).toEqual(["2", "1"]);
    const times = [
      { id: "1", meta: { created: "2020-01-01T00:00:00Z" } },
      { id: "2", meta: { created: "2020-01-01T00:30:00+01:00" } },
    ];
    expect(sorted("meta.created", "ascending", times)).toEqual(["2", "1"]);
    expect(
      sorted("externalId", "ascending", [
        { id: "1", externalId: "a" },
        { id: "2", externalId: "B" },
      ]),
    ).toEqual(["2", "1"]);
  });
});
