import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldDocument } from "../../src/directory/folded-document.ts";
import { foldCase } from "../../src/scim/fold-case.ts";
import type { JsonObject } from "../../src/scim/json.ts";
import { draw } from "../generated-cases.ts";

describe("foldDocument", () => {
  it("is null for plain ASCII, whatever its case and escapes", () => {
    expect(
      foldDocument({
        userName: "Ann",
        name: { givenName: 'A "b" \\N \n' },
        active: true,
        emails: [{ value: "A@B.C" }],
      }),
    ).toBeNull();
  });

  it("folds what SQLite's lower() would leave, keys and values at every level", () => {
    expect(foldDocument({ userName: "ÉVA", Emails: [{ Value: "ﬁ@X" }] })).toBe(
      '{"username":"éva","emails":[{"value":"fi@x"}]}',
    );
  });

  it("keeps the first of two keys that fold alike, as the matcher does", () => {
    expect(foldDocument({ É: 1, é: 2 })).toBe('{"é":1}');
  });

  it("leaves lower(document) or its own text saying the same as folding value by value", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: "grapheme" })),
        (document: JsonObject) => {
          const text =
            foldDocument(document) ?? JSON.stringify(document).replace(/[A-Z]/g, (letter) => letter.toLowerCase());
          const folded: Record<string, string> = JSON.parse(text);
          const first = new Map<string, string>();
          for (const [key, value] of Object.entries(document))
            if (!first.has(foldCase(key))) first.set(foldCase(key), foldCase(String(value)));
          for (const [key, value] of first) expect(folded[key]).toBe(value);
        },
      ),
      draw(500),
    );
  });
});
