import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { parseJsonObject } from "../../src/scim/json.ts";
import { countValues, judgeMeasure, MAX_VALUES } from "../../src/scim/limit-body-values.ts";
import { draw } from "../generated-cases.ts";

/** The values of a parsed text, objects and lists among them. */
function valuesIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce<number>((sum, inner) => sum + valuesIn(inner), 1);
}

const spaced = (text: string) => text.replaceAll(/([[\]{},:])(?=(?:[^"]*"[^"]*")*[^"]*$)/g, " \n$1\t");

/** Eight megabytes of one thing. */
const filled = (unit: string, open: string, close: string) =>
  `${open}${unit.repeat(Math.floor(8_300_000 / unit.length))}${close}`;

const refusalOf = (text: string) => judgeMeasure(text)?.code ?? null;

describe("the number of values in a text", () => {
  it("is that of the values a parser gives, names aside, however they are spaced and whatever stands in texts", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.boolean(), (value, isSpaced) => {
        const plain = JSON.stringify(value);
        const text = isSpaced && !plain.includes("\\") ? spaced(plain) : plain;
        const parsed = JSON.parse(text);
        // An object holds one of several values of one name.
        expect(countValues(text)).toBe(valuesIn(parsed));
      }),
      draw(500),
    );
  });

  it("counts no comma, bracket or quote that stands in a text", () => {
    expect(countValues('{"a\\"[,":"[[],{},\\\\","b":"\\\\\\"[,","c":[1,true,null,-1.5e3]}')).toBe(8);
  });

  it("is at least what a parser meets before it stops at a text that is no JSON", () => {
    expect(countValues("[[],[],[]::::::::::")).toBe(4);
    expect(countValues('["a":1')).toBeGreaterThanOrEqual(2);
  });
});

describe("a body with too many values", () => {
  it("is refused before it is parsed: lists, objects, numbers, texts, deep and wide", () => {
    const parse = vi.spyOn(JSON, "parse");
    const [open, close] = ['{"Operations":[{"data":[0', "]}]}"];
    for (const unit of [",[]", ",{}", ",1", ',""', ",[1]", ",null"]) {
      const text = filled(unit, open, close);
      expect(() => parseJsonObject(text), unit).toThrow(expect.objectContaining({ code: "quota_size", status: 413 }));
    }
    expect(refusalOf("[".repeat(8_000_000))).toBe("quota_size");
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
  });

  it("is one over the limit, and none at it", () => {
    const ofValues = (count: number) => `[${"0, ".repeat(count - 2)}0]`;
    expect(countValues(ofValues(MAX_VALUES))).toBe(MAX_VALUES);
    expect(refusalOf(ofValues(MAX_VALUES))).toBeNull();
    expect(refusalOf(ofValues(MAX_VALUES + 1))).toBe("quota_size");
  });

  it("is refused for ever new names and kinds of objects too, and not for many objects of the same", () => {
    const objects = (name: (index: number) => string) =>
      `[${Array.from({ length: 300_000 }, (_, index) => `{"${name(index)}":1}`).join()}]`;
    expect(refusalOf(objects((index) => index.toString(36)))).toBe("body_too_complex");
    expect(refusalOf(objects(() => "value"))).toBeNull();
    const kinds = (count: number) =>
      `[${Array.from({ length: count }, (_, n) => `{"a${n % 200}":1,"b${Math.floor(n / 200)}":{"c${n % 7}":2}}`).join()}]`;
    expect(refusalOf(kinds(30_000))).toBe("body_too_complex");
    expect(refusalOf(kinds(5_000))).toBeNull();
  });

  it("is none that a list of 150,000 members is", () => {
    const member = '{"value":"01890a5d-ac96-774b-bcce-b302099a8057"}';
    expect(refusalOf(`{"members":[${Array(150_000).fill(member).join()}]}`)).toBeNull();
  });
});
