import { describe, expect, it } from "vitest";
import { compareCodePoints } from "../../src/scim/compare-code-points.ts";
import { errorBody } from "../../src/scim/error-body.ts";
import { ScimError } from "../../src/scim/errors.ts";
import { foldCase } from "../../src/scim/fold-case.ts";
import { cloneJson, equalJson, parseJsonObject } from "../../src/scim/json.ts";

describe("parseJsonObject", () => {
  it("reads an object, 64 levels deep at most", () => {
    expect(parseJsonObject(' {"a":[1,"ü",null,true]} ')).toEqual({ a: [1, "ü", null, true] });
    expect(() => parseJsonObject(`${'{"a":'.repeat(64)}1${"}".repeat(64)}`)).not.toThrow();
  });

  it("refuses a number that JSON can say but nobody can keep", () => {
    expect(() => parseJsonObject('{"a":1e999}')).toThrow("too large");
  });
});

describe("equalJson and cloneJson", () => {
  it("compare by content, names in any order", () => {
    expect(equalJson({ a: [1, { b: null }], c: 2 }, { c: 2, a: [1, { b: null }] })).toBe(true);
    expect(equalJson({ a: 1 }, { b: 1 })).toBe(false);
    expect(equalJson([1, 2], [2, 1])).toBe(false);
    expect(equalJson({}, [])).toBe(false);
    expect(equalJson({ toString: 1 }, { valueOf: 1 })).toBe(false);
  });

  it("copy deeply", () => {
    const original = { a: [{ b: 1 }] };
    const copy = cloneJson(original);
    expect(copy).toEqual(original);
    expect(copy.a).not.toBe(original.a);
  });
});

describe("foldCase", () => {
  it.each([
    ["ABC", "abc"],
    ["Ａ", "a"],
    ["ÉCOLE", "école"],
    ["e\u0301", "é"],
    ["ﬁ", "fi"],
    ["", ""],
  ])("%s becomes %s", (text, folded) => expect(foldCase(text)).toBe(folded));
});

describe("compareCodePoints", () => {
  it("orders as UTF-8 does", () => {
    const texts = ["b", "a", "\u{1f600}", "\uffee", "ab", "", "\u{10000}"];
    const expected = texts.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(texts.toSorted(compareCodePoints)).toEqual(expected);
  });
});

describe("errorBody", () => {
  it("has status as a string and scimType only where there is one", () => {
    expect(errorBody(new ScimError("user_name_taken", "userName already exists"))).toEqual({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
      status: "409",
      scimType: "uniqueness",
      detail: "userName already exists",
    });
    expect(errorBody(new ScimError("no_such_user", "x")).scimType).toBeUndefined();
  });
});
