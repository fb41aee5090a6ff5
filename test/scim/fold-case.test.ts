import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldKey, formerKey, keysOf } from "../../src/directory/fold-key.ts";
import { foldCase, formerFoldCase, isAscii } from "../../src/scim/fold-case.ts";
import { draw, IS_WHOLE } from "../generated-cases.ts";
import data from "./fixtures/case-folding.json" with { type: "json" };

/**
 * Where code points are that folding may have something to do with; in CI the other planes that have characters too, which
 * are ideographs.
 */
const DENSE = [
  ...(IS_WHOLE
    ? [[0, 0x40000]]
    : [
        [0, 0x20000],
        [0x2f800, 0x2fa20],
      ]),
  [0xe0000, 0xe1000],
];
const isDense = (point: number) => DENSE.some(([from = 0, to = 0]) => point >= from && point < to);

/** Every code point there, and every 97th elsewhere; no surrogates, which are halves of others. */
function* codePoints(): Generator<string> {
  for (let point = 0; point < 0x110000; point += isDense(point) ? 1 : 97)
    if (point < 0xd800 || point > 0xdfff) yield String.fromCodePoint(point);
}

const ofHex = (text: string) => text.split(" ").map((part) => Number.parseInt(part, 16));

/**
 * The statuses C and F of Unicode's CaseFolding.txt, in the form of the fixture: runs of code points that have the same
 * distance to what they fold to ([first, last, step, distance]), and those that fold to several.
 */
const FOLDINGS = new Map<string, string>([
  ...data.runs.flatMap(([first, last, step, distance]) => {
    const [from = 0, to = 0] = ofHex(`${first} ${last}`);
    const count = (to - from) / Number(step) + 1;
    return Array.from({ length: count }, (_, index): [string, string] => {
      const point = from + index * Number(step);
      return [String.fromCodePoint(point), String.fromCodePoint(point + Number(distance))];
    });
  }),
  ...Object.entries(data.full).map(([point, to]): [string, string] => [
    String.fromCodePoint(...ofHex(point)),
    String.fromCodePoint(...ofHex(to)),
  ]),
]);

/** Folding by that table, NFKC before and after it. */
function foldByTable(text: string): string {
  return [...text.normalize("NFKC")]
    .map((point) => FOLDINGS.get(point) ?? point)
    .join("")
    .normalize("NFKC");
}

/** Letters that folding has something to do with, and some that it changes beside one another. */
const letters = fc.constantFrom(..."aAiIıİßẞSsςΣσΝικΌςﬁﬀ", ..."ǰŉΐᾳΆ̈ͅͅ ẖµſKÅᏣꮳᲐა".split(""), "\u00a0", "Ｌ");
const words = fc.array(letters, { maxLength: 8 }).map((parts) => parts.join(""));

describe("foldCase", () => {
  it("tells apart what the statuses C and F of Unicode tell apart, and nothing else, on every code point", () => {
    expect(FOLDINGS.size).toBe(1530);
    const byTable = new Map<string, string>();
    const wrong: string[] = [];
    for (const point of codePoints()) {
      const folded = foldCase(point);
      const tabled = foldByTable(point);
      if (foldCase(tabled) !== folded) wrong.push(point);
      // Of those that fold to one text here, the table must have one too; what is younger than the table it does not know.
      const known = byTable.get(folded) ?? tabled;
      byTable.set(folded, known);
      const isYounger = !FOLDINGS.has(point) && point.toLowerCase() !== point;
      if (known !== tabled && !isYounger && !isYoungerPair(point)) wrong.push(point);
    }
    expect(wrong).toEqual([]);
  });

  it("folds what is folded to itself, on every code point and in words", () => {
    const wrong = [...codePoints()].filter((point) => foldCase(foldCase(point)) !== foldCase(point));
    expect(wrong).toEqual([]);
    fc.assert(
      fc.property(words, (word) => foldCase(foldCase(word)) === foldCase(word)),
      draw(500),
    );
    fc.assert(
      fc.property(words, (word) => foldKey(foldKey(word)) === foldKey(word)),
      draw(500),
    );
  });

  it("is one for names that differ in case, form or outer blanks alone", () => {
    const same = [
      ["ΝΙΚΟΣ.Π", "νικος.π", "νικοσ.π"],
      ["Straße", "STRASSE", "STRAẞE", "strasse "],
      ["ﬃ", "ffi"],
      ["İ", "i̇"],
      ["Éva", "e\u0301VA"],
      ["Ꮳ", "ꮳ"],
      ["\u00a0ᾼ", "ΑΙ"],
    ];
    for (const names of same) expect(new Set(names.map(foldKey)).size, names.join()).toBe(1);
    const apart = ["ı", "i", "é", "e", "s", "ß"];
    expect(new Set(apart.map(foldKey)).size).toBe(apart.length);
  });
});

/** Whether a code point got its other case later than the table was made. */
function isYoungerPair(point: string): boolean {
  const upper = point.toUpperCase();
  return upper !== point && foldByTable(upper) === upper;
}

describe("keys by the rule of before", () => {
  it("fold to the present ones without the name, on every code point and in words", () => {
    const wrong = [...codePoints()].filter((point) => foldCase(formerFoldCase(point)) !== foldCase(point));
    expect(wrong).toEqual([]);
    fc.assert(
      fc.property(words, (word) => foldKey(formerFoldCase(word).trim()) === foldKey(word)),
      draw(500),
    );
  });

  it("are the present ones where they are plain, so that only others are looked at", () => {
    const wrong = [...codePoints()].filter((point) => isAscii(formerFoldCase(point)) && formerKey(point) !== null);
    expect(wrong).toEqual([]);
  });

  it("are looked up beside the present ones where they differ", () => {
    expect(keysOf(" Straße")).toEqual(["strasse", "straße"]);
    expect(keysOf("ΝΙΚΟΣ")).toEqual(["νικοσ", "νικος"]);
    expect(keysOf("STRASSE")).toEqual(["strasse"]);
  });
});
