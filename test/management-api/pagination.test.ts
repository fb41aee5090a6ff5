import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeCursor, pageQuery, readKeyCursor, readTextCursor, toPage } from "../../src/management-api/pagination.ts";

describe("cursors", () => {
  it("give back any key and any text", () => {
    fc.assert(fc.property(fc.maxSafeNat(), (key) => readKeyCursor(encodeCursor(key)) === key));
    const anyText = fc.string({ unit: "grapheme" });
    fc.assert(fc.property(anyText, (text) => readTextCursor(encodeCursor(text)) === text));
  });

  it("are URL-safe", () => {
    expect(encodeCursor("größe/~?")).toMatch(/^[\w-]+$/);
  });

  it("of another list or of nobody are refused with 400", () => {
    for (const cursor of ["x", "%%%", "bnVsbA", "eyJhIjoxfQ", encodeCursor("text"), encodeCursor(1.5)])
      expect(() => readKeyCursor(cursor), cursor).toThrow(expect.objectContaining({ status: 400 }));
    expect(() => readTextCursor(encodeCursor(1))).toThrow(expect.objectContaining({ status: 400 }));
  });
});

describe("a page", () => {
  it("has a cursor when a row more was read, and none on the last page", () => {
    const page = toPage(
      [1, 2, 3],
      2,
      (row) => row,
      (row) => `row ${row}`,
    );
    expect(page).toEqual({ items: ["row 1", "row 2"], nextCursor: encodeCursor(2) });
    expect(
      toPage(
        [1, 2],
        2,
        (row) => row,
        (row) => row,
      ).nextCursor,
    ).toBeNull();
  });

  it("holds 50 rows unless told, 1 to 200 when told", () => {
    expect(pageQuery.parse({})).toEqual({ limit: 50 });
    expect(pageQuery.parse({ limit: "200" }).limit).toBe(200);
    for (const limit of ["0", "201", "-1", "1.5", "many", ""])
      expect(pageQuery.safeParse({ limit }).success, limit).toBe(false);
  });
});
