import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareCodePoints } from "../../src/scim/compare-code-points.ts";
import { errorBody } from "../../src/scim/error-response.ts";
import { findDuplicateName } from "../../src/scim/find-duplicate-name.ts";
import { foldCase } from "../../src/scim/fold-case.ts";
import { cloneJson, equalJson, parseJsonObject } from "../../src/scim/json.ts";
import { countNames } from "../../src/scim/limit-body-values.ts";
import { ScimError } from "../../src/scim/scim-error.ts";
import { draw } from "../generated-cases.ts";

describe("parseJsonObject", () => {
  it("reads an object, 64 levels deep at most", () => {
    expect(parseJsonObject(' {"a":[1,"ü",null,true]} ')).toEqual({ a: [1, "ü", null, true] });
    expect(() => parseJsonObject(`${'{"a":'.repeat(64)}1${"}".repeat(64)}`)).not.toThrow();
  });

  it("refuses a number that JSON can say but nobody can keep", () => {
    expect(() => parseJsonObject('{"a":1e999}')).toThrow("too large");
  });

  it.each([
    ["title", '{"title":"A","title":"B"}'],
    ["title", '{"name":{},"emails":[{"value":"x"} , { "a":[1,2], "title" : 1 ,"title":[ ] }]}'],
    ["b", '{"a":{"b":{"c":[-1.5e+3,true,null]},"\\u0062":{"c":"}]"}}}'],
    ["a", '{"a":null,"a":"x"}'],
    ['"', '{"\\"":1,"\\"":{}}'],
  ])("refuses two values for one name in one object: %s", (name, text) => {
    expect(() => parseJsonObject(text)).toThrow(
      expect.objectContaining({
        status: 400,
        scimType: "invalidSyntax",
        message: expect.stringContaining(JSON.stringify(name)),
      }),
    );
  });

  it.each(["[]", '{"b":}'])("refuses what nests too deep where a later value hides it from a parser: %s", (level) => {
    const [open, close] = [level.slice(0, -1), level.slice(-1)];
    const deep = `${open.repeat(100_000)}${level === "[]" ? "" : "1"}${close.repeat(100_000)}`;
    for (const text of [`{"a":${deep},"a":1}`, `{"a":[{"c":${deep},"c":[]}]}`])
      expect(() => parseJsonObject(text)).toThrow(expect.objectContaining({ code: "body_too_complex", status: 400 }));
  });

  it("takes one value that stands there twice, and a name in several objects", () => {
    expect(parseJsonObject('{"a":"x","a": "x","b":[{"a":1},{"a":2}],"c":{"a":3}}')).toEqual({
      ...{ a: "x", b: [{ a: 1 }, { a: 2 }] },
      c: { a: 3 },
    });
  });

  it("reads any object as it was written, whatever the blanks", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 1, "\t", "\n "), (value, space) => {
        fc.pre(!/__proto__|constructor|prototype|\\u0000/.test(JSON.stringify(value)));
        const text = JSON.stringify(value, null, space);
        fc.pre(!/\d{16}|e\+?\d/.test(text));
        expect(parseJsonObject(text)).toEqual(JSON.parse(text));
        expect(countNames(text)).toBe(countNames(JSON.stringify(JSON.parse(text))));
        expect(findDuplicateName(text)).toBeNull();
      }),
      draw(500),
    );
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
