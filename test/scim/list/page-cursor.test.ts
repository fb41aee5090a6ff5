import { describe, expect, it } from "vitest";
import { parseListQuery } from "../../../src/scim/list/list-query.ts";
import { queryName, readCursorFacts } from "../../../src/scim/list/page-cursor.ts";
import { resourceTypes } from "../../../src/scim/schema/resource-types.ts";

const { User, Group } = resourceTypes();
const name = (text: string, types = [User]) =>
  JSON.stringify(queryName(types, parseListQuery(types[0] ?? User, new URLSearchParams(text))));
const FACTS = { direction: "previous", issuedAt: 1_000_000 };

describe("cursors", () => {
  it("belong to one query: the same however it is written, another when it asks for something else", () => {
    const one = name('filter=userName eq "a"&sortBy=title');
    expect(name("filter=USERNAME  EQ a&sortBy=TITLE&sortOrder=ascending&count=3")).toBe(one);
    const others = [
      'filter=userName eq "b"&sortBy=title',
      'filter=userName eq "a"',
      'filter=userName eq "a"&sortBy=title&sortOrder=descending',
      "",
    ];
    const names = [one, ...others.map((text) => name(text)), name("", [Group]), name("", [User, Group])];
    expect(new Set(names).size).toBe(7);
  });

  it("expire", () => {
    expect(readCursorFacts(FACTS, 1_000_000 + 3_600_000)).toEqual(FACTS);
    expect(() => readCursorFacts(FACTS, 1_000_000 + 3_600_001)).toThrow(
      expect.objectContaining({ status: 400, scimType: "expiredCursor" }),
    );
  });

  it.each([undefined, null, 5, "x", [], {}, { direction: "up", issuedAt: 1 }, { direction: "next", issuedAt: "1" }])(
    "that are none are invalidCursor: %j",
    (decoded) =>
      expect(() => readCursorFacts(decoded, 0)).toThrow(
        expect.objectContaining({ status: 400, scimType: "invalidCursor" }),
      ),
  );
});
