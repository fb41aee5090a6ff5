import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseFilter, printFilter } from "../../src/scim/filter/parse-filter.ts";
import type { Json, JsonObject } from "../../src/scim/json.ts";
import { listResponse, printListResponse } from "../../src/scim/list/list-response.ts";
import { applyPatch, parsePatch } from "../../src/scim/patch/patch.ts";
import { readResource } from "../../src/scim/read-resource-body.ts";
import { extensionsOf, printRepresentation, represent } from "../../src/scim/represent-resource.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";
import { draw } from "../generated-cases.ts";
import { anyCodePoints } from "../tools/any-code-points.ts";
import { anyDocument, anyFilterText, anyOperation, anyText } from "./arbitraries.ts";
import { matchFilter } from "./filter/match-filter.ts";

const { User, Group } = resourceTypes();
const RUNS = draw(500);

/** Applies operations, null when they are refused. */
function patch(document: JsonObject, Operations: Json[]): JsonObject | null {
  try {
    return applyPatch(User, document, parsePatch(User, { Operations })).document;
  } catch {
    return null;
  }
}

describe("representations", () => {
  it("are the same text when they are printed from stored texts", () => {
    fc.assert(
      fc.property(anyDocument, anyText, fc.boolean(), (document, name, isMember) => {
        const facts = { id: name, created: "c", lastModified: "m", version: 'W/"1"', location: `https://x/${name}` };
        const all = isMember ? { ...facts, groups: [{ value: name, display: name }] } : facts;
        const stored = { text: JSON.stringify(document), extensions: JSON.stringify(extensionsOf(document)) };
        expect(printRepresentation(User, stored, all)).toBe(JSON.stringify(represent(User, document, all)));
      }),
      RUNS,
    );
  });

  it("are the same text for a document without attributes, and for a list", () => {
    const facts = { id: "1", created: "c", lastModified: "m", version: "v", location: "l", members: [] };
    const empty = printRepresentation(Group, { text: "{}", extensions: "[]" }, facts);
    expect(empty).toBe(JSON.stringify(represent(Group, {}, facts)));
    const page = { totalResults: 2, startIndex: 1 };
    for (const resources of [[], [{ id: "1" }, { id: "2" }]])
      expect(
        printListResponse(
          page,
          resources.map((one) => JSON.stringify(one)),
        ),
      ).toBe(JSON.stringify(listResponse({ ...page, resources })));
  });
});

describe("filters", () => {
  it("read, printed and read again are the same, and match the same", () => {
    fc.assert(
      fc.property(anyFilterText, anyDocument, (text, document) => {
        const filter = parseFilter(User, text);
        const again = parseFilter(User, printFilter(filter));
        expect(again).toEqual(filter);
        expect(matchFilter(again, document)).toBe(matchFilter(filter, document));
      }),
      RUNS,
    );
  });

  it("match a resource or its negation, never both", () => {
    fc.assert(
      fc.property(anyFilterText, anyDocument, (text, document) => {
        const negated = matchFilter(parseFilter(User, `not (${text})`), document);
        expect(negated).toBe(!matchFilter(parseFilter(User, text), document));
      }),
      RUNS,
    );
  });

  it("follow De Morgan", () => {
    fc.assert(
      fc.property(anyFilterText, anyFilterText, anyDocument, (a, b, document) => {
        const left = matchFilter(parseFilter(User, `not ((${a}) and (${b}))`), document);
        expect(left).toBe(matchFilter(parseFilter(User, `not (${a}) or not (${b})`), document));
      }),
      RUNS,
    );
  });

  it("never fail but by invalidFilter, whatever the text", () => {
    fc.assert(
      fc.property(anyCodePoints(60), (text) => {
        try {
          parseFilter(User, text);
        } catch (error) {
          expect(error).toMatchObject({ status: 400, scimType: "invalidFilter" });
        }
      }),
      RUNS,
    );
  });

  it("take any text as a value", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const filter = parseFilter(User, `externalId eq ${JSON.stringify(text)}`);
        expect(matchFilter(filter, { externalId: text })).toBe(true);
      }),
      RUNS,
    );
  });
});

describe("documents", () => {
  it("read again are the same: the reader's output is canonical", () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        expect(readResource(User, document).document).toEqual(document);
      }),
      RUNS,
    );
  });

  it("stay canonical under any PATCH, and the given one is left alone", () => {
    fc.assert(
      fc.property(anyDocument, fc.array(anyOperation, { minLength: 1, maxLength: 5 }), (document, operations) => {
        const before = structuredClone(document);
        const after = patch(document, operations);
        expect(document).toEqual(before);
        if (after !== null) expect(readResource(User, after).document).toEqual(after);
      }),
      RUNS,
    );
  });
});

describe("PATCH", () => {
  it("replace is idempotent, unless it took its own target away", () => {
    const replaces = fc.tuple(anyDocument, anyOperation).map(([document, operation]) => ({
      document,
      operation: { ...operation, op: "replace" },
    }));
    fc.assert(
      fc.property(replaces, ({ document, operation }) => {
        const once = patch(document, [operation]);
        const twice = once === null ? null : patch(once, [operation]);
        // `emails[type eq "work"]` replaced by a home address has no target the second time: noTarget, nothing changed.
        if (twice !== null) expect(twice).toEqual(once);
      }),
      RUNS,
    );
  });

  it("add is idempotent", () => {
    fc.assert(
      fc.property(anyDocument, anyOperation, (document, operation) => {
        const once = patch(document, [{ ...operation, op: "add" }]);
        const twice = once === null ? null : patch(once, [{ ...operation, op: "add" }]);
        if (twice !== null) expect(twice).toEqual(once);
      }),
      RUNS,
    );
  });

  it("adding a new element and removing it restores the document", () => {
    fc.assert(
      fc.property(anyDocument, fc.constantFrom("phoneNumbers", "emails", "ims", "roles"), (document, path) => {
        const value = [{ value: "brand-new", type: "other" }];
        const added = patch(document, [{ op: "add", path, value }]);
        expect(added).not.toEqual(document);
        // An empty list that was sent is shown; one that became empty is gone.
        const { [path]: elements, ...rest } = document;
        const restored = Array.isArray(elements) && elements.length === 0 ? rest : document;
        expect(patch(added ?? {}, [{ op: "remove", path, value }])).toEqual(restored);
        expect(patch(added ?? {}, [{ op: "remove", path: `${path}[value eq "brand-new"]` }])).toEqual(restored);
      }),
      RUNS,
    );
  });

  it("a replace with path and one without do the same", () => {
    const simple = fc.constantFrom("title", "displayName", "name.givenName", "department", "emails", "externalId");
    fc.assert(
      fc.property(anyDocument, simple, anyText, (document, path, value) => {
        expect(patch(document, [{ op: "replace", path, value }])).toEqual(
          patch(document, [{ op: "replace", value: { [path]: value } }]),
        );
      }),
      RUNS,
    );
  });
});
