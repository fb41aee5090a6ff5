import { describe, expect, it } from "vitest";
import { clipDisplay } from "../../src/directory/clip-display-name.ts";
import { maskDetail } from "../../src/log/mask-error-detail.ts";
import { printMasked } from "../../src/log/mask-secret-values.ts";
import { nameInPath } from "../../src/log/name-in-log-row.ts";
import { clipText } from "../../src/scim/clip-text.ts";
import { noteOf } from "../../src/scim/note.ts";
import { quote } from "../../src/scim/scim-error.ts";

/** Characters of one and of two code units, so that any cut may fall within one. */
const PATTERNS = ["😀", "a😀", "aa😀", "😀é"];

/** All that is cut somewhere, with a long text in it. */
const CUTS: [name: string, cut: (text: string) => string][] = [
  ["a text", (text) => clipText(text, 50)],
  ["a text to be quoted", (text) => JSON.parse(quote(text))],
  ["a body", (text) => printMasked({ title: text }, new Set(), 100)],
  ["a name in a path", nameInPath],
  ["a name of a group or member", clipDisplay],
  ["the value of a note", (text) => noteOf("emptied", "title", text).value ?? ""],
  ["the path of a note", (text) => noteOf("emptied", text, "x").path ?? ""],
  ["a list in a note", (text) => noteOf("emptied", "title", [text, { a: text }]).value ?? ""],
  ["a sentence", (text) => maskDetail(text, null)],
];

describe("cutting", () => {
  it.each(CUTS)("%s keeps characters whole, wherever the cut falls", (_name, cut) => {
    for (const pattern of PATTERNS)
      for (let shift = 0; shift < 4; shift += 1) {
        const text = "x".repeat(shift) + pattern.repeat(2_000);
        const kept = cut(text);
        expect(kept.length).toBeLessThan(text.length);
        expect(kept.isWellFormed(), `${pattern} ${shift}`).toBe(true);
      }
  });

  it("leaves a text that fits as it is, and keeps to its limit", () => {
    for (let limit = 1; limit < 12; limit += 1) {
      expect(clipText("😀".repeat(10), limit).length).toBeLessThanOrEqual(limit);
      expect(clipText("ab😀", 4)).toBe("ab😀");
    }
  });
});
