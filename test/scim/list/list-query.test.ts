import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/scim/json.ts";
import { parseListQuery } from "../../../src/scim/list/list-query.ts";
import { listResponse } from "../../../src/scim/list/list-response.ts";
import { resourceTypes } from "../../../src/scim/schema/resource-types.ts";

const { User, Group } = resourceTypes();
const query = (text: string) => parseListQuery(User, new URLSearchParams(text));

describe("parseListQuery", () => {
  it.each([
    ["", { startIndex: 1, sortOrder: "ascending", projection: {} }],
    ["startIndex=0&count=-5", { startIndex: 1, count: 0 }],
    ["startIndex=-1&count=0", { startIndex: 1, count: 0 }],
    ["STARTINDEX=3&Count=1000", { startIndex: 3, count: 200 }],
    ["startIndex=&count=&filter=&sortBy=&attributes=&sortOrder=", { startIndex: 1, projection: {} }],
    [
      "sortOrder=Descending&sortBy=emails",
      { sortOrder: "descending", sortBy: { attribute: { name: "emails" }, subAttribute: { name: "value" } } },
    ],
    ["cursor", { cursor: "" }],
    ["cursor=abc&count=5", { cursor: "abc", count: 5 }],
    ["aadOptscim062020&filter=userName+eq+%22a.b%40c.d%22&", { filterText: 'userName eq "a.b@c.d"' }],
    ["filter=userName%20eq%20%22a%2Bb%22", { filter: { value: "a+b" } }],
  ])("%s", (text, expected) => expect(query(text)).toMatchObject(expected));

  it.each([
    ["count=ten", "invalidValue"],
    ["count=1.5", "invalidValue"],
    ["count=ten&cursor=", "invalidCount"],
    ["startIndex=x", "invalidValue"],
    ["sortOrder=up", "invalidValue"],
    ["sortBy=foo", "invalidValue"],
    ["sortBy=name", "invalidValue"],
    ["sortBy=password", "invalidValue"],
    ["filter=foo", "invalidFilter"],
  ])("%s is refused with %s", (text, scimType) =>
    expect(() => query(text)).toThrow(expect.objectContaining({ status: 400, scimType })),
  );

  it("reads a search body, names in any case", () => {
    const body: JsonObject = {
      Filter: "title pr",
      excludedattributes: ["name"],
      count: 5,
      startIndex: null,
      cursor: "c",
    };
    expect(parseListQuery(User, body)).toMatchObject({ filterText: "title pr", count: 5, startIndex: 1, cursor: "c" });
  });

  it.each<JsonObject>([
    { filter: 5 },
    { attributes: 5 },
    { attributes: [5] },
    { count: {} },
    { cursor: 5 },
    { count: true },
  ])("refuses the search body %j", (body) =>
    expect(() => parseListQuery(User, body)).toThrow(expect.objectContaining({ status: 400 })),
  );

  it("reads attributes of other types in a query across types", () => {
    const params = new URLSearchParams({ filter: 'userName eq "a"', sortBy: "userName" });
    expect(parseListQuery(Group, params, [User]).sortBy?.attribute.name).toBe("userName");
    expect(() => parseListQuery(Group, params)).toThrow("no schema of Group");
  });
});

describe("listResponse", () => {
  it("always holds Resources and numbers", () => {
    expect(listResponse({ resources: [], totalResults: 0, startIndex: 1 })).toEqual({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: 0,
      Resources: [],
    });
    expect(listResponse({ resources: [{}], totalResults: 9, nextCursor: "n", previousCursor: "p" })).toMatchObject({
      itemsPerPage: 1,
      nextCursor: "n",
      previousCursor: "p",
    });
  });
});
