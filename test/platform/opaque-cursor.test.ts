import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeCursor, encodeCursor } from "../../src/platform/opaque-cursor.ts";
import { draw } from "../generated-cases.ts";
import { anyCodePoints } from "../tools/any-code-points.ts";

const position = fc.oneof(
  fc.maxSafeInteger(),
  fc.string({ unit: "grapheme", maxLength: 100 }),
  fc.record({
    value: fc.oneof(anyCodePoints(100), fc.constant(null)),
    key: fc.maxSafeNat(),
  }),
);
const list = fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 4 });

/** A cursor's position changed behind its back: what its bytes say, with another position. */
function forge(cursor: string, changed: unknown): string {
  const [digest] = JSON.parse(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")));
  return btoa(JSON.stringify([digest, changed]))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

describe("a cursor", () => {
  it("gives back any position to its own list, and is safe in a URL", () => {
    fc.assert(
      fc.property(list, position, (name, at) => {
        const cursor = encodeCursor(name, at);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(decodeCursor(name, cursor)).toEqual(at);
      }),
      draw(500),
    );
  });

  it("says nothing to another list", () => {
    fc.assert(
      fc.property(list, list, position, (name, other, at) => {
        fc.pre(JSON.stringify(name) !== JSON.stringify(other));
        expect(decodeCursor(other, encodeCursor(name, at))).toBeUndefined();
      }),
      draw(500),
    );
    expect(decodeCursor(["ab", "c"], encodeCursor(["a", "bc"], 1))).toBeUndefined();
  });

  it("is none any more when its position is altered", () => {
    const cursor = encodeCursor(["list"], 4_294_967_297);
    expect(decodeCursor(["list"], forge(cursor, 4_294_967_297))).toBe(4_294_967_297);
    for (const changed of [0, -1, 4_294_967_296, 4_294_967_298, "4294967297", null, [4_294_967_297]])
      expect(decodeCursor(["list"], forge(cursor, changed)), String(changed)).toBeUndefined();
  });

  it("is told from junk", () => {
    for (const text of ["", "x", "!!!", "%%%", "e30", "bnVsbA", "WzBd", btoa("[1,2]"), "a".repeat(5000), "_____"])
      expect(decodeCursor(["list"], text), text).toBeUndefined();
  });
});
