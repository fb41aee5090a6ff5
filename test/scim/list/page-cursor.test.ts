import { describe, expect, it } from "vitest";
import { type Cursor, decodeCursor, encodeCursor, queryFingerprint } from "../../../src/scim/list/page-cursor.ts";
import { parseListQuery } from "../../../src/scim/list/query.ts";
import { resourceTypes } from "../../../src/scim/schema/resource-types.ts";

const { User, Group } = resourceTypes();
const fingerprint = (text: string, type = User) =>
  queryFingerprint(type, parseListQuery(type, new URLSearchParams(text)));
const CURSOR: Cursor = { fingerprint: "f", value: "Zoë 🎈", key: 7, direction: "previous", issuedAt: 1_000_000 };

describe("cursors", () => {
  it.each([CURSOR, { ...CURSOR, value: null, direction: "next" as const }, { ...CURSOR, value: 5 }])(
    "read back: %j",
    (cursor) => {
      const text = encodeCursor(cursor);
      expect(text).toMatch(/^[\w-]+$/);
      expect(decodeCursor(text, "f", 1_000_000)).toEqual(cursor);
    },
  );

  it("belong to one query: the same however it is written, another when it asks for something else", () => {
    const one = fingerprint('filter=userName eq "a"&sortBy=title');
    expect(fingerprint("filter=USERNAME  EQ a&sortBy=TITLE&sortOrder=ascending&count=3")).toBe(one);
    const others = [
      'filter=userName eq "b"&sortBy=title',
      'filter=userName eq "a"',
      'filter=userName eq "a"&sortBy=title&sortOrder=descending',
      "",
    ];
    expect(new Set([one, ...others.map((text) => fingerprint(text)), fingerprint("", Group)]).size).toBe(6);
    expect(() => decodeCursor(encodeCursor(CURSOR), "g", 1_000_000)).toThrow(
      expect.objectContaining({ scimType: "invalidCursor" }),
    );
  });

  it("expire", () => {
    const text = encodeCursor(CURSOR);
    expect(decodeCursor(text, "f", 1_000_000 + 60_000, 60).key).toBe(7);
    expect(() => decodeCursor(text, "f", 1_000_000 + 60_001, 60)).toThrow(
      expect.objectContaining({ status: 400, scimType: "expiredCursor" }),
    );
  });

  it.each(["", "x", "!!!", "e30", btoa("[1,2,3,4,5]"), btoa('["f","v",1.5,1,0]'), "a".repeat(5000), "_____"])(
    "junk is invalidCursor: %s",
    (text) =>
      expect(() => decodeCursor(text, "f", 0)).toThrow(
        expect.objectContaining({ status: 400, scimType: "invalidCursor" }),
      ),
  );
});
