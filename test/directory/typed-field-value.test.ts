import { describe, expect, it } from "vitest";
import { compileMappings, misfitsOf } from "../../src/directory/derive-user-fields.ts";
import { toFieldValue } from "../../src/directory/typed-field-value.ts";
import type { Json } from "../../src/scim/json.ts";
import type { FieldType } from "../../src/settings/fields.ts";

const X = "urn:ietf:params:scim:schemas:extension:acme:2.0:User";

describe("values of typed fields", () => {
  it.each<[FieldType, Json, Json]>([
    ...[
      "2024-12-01",
      "20241201",
      "2024-12-01T00:00:00Z",
      "2024-12-01T23:30:00.5+05:30",
      "2024-12-01 08:15",
      "20241201010000.0Z",
      "20241201010000Z",
      " 2024-12-01 ",
    ].map((text): [FieldType, Json, Json] => ["date", text, "2024-12-01"]),
    ["date", 20241201, "2024-12-01"],
    ["number", "7.5", 7.5],
    ["number", " -3 ", -3],
    ["number", 7.5, 7.5],
    ["number", "-0", 0],
    ["boolean", "TRUE", true],
    ["boolean", "False", false],
    ["boolean", true, true],
    ["text", 42, "42"],
  ])("%s reads %j in one spelling", (type, value, expected) => expect(toFieldValue(type, value)).toBe(expected));

  it.each<[FieldType, Json]>([
    ...["29/11/2026", "Building 5", "2026-02-30", "2026-13-01", "2026", "1", "Dec 1, 2024", "2024-12-01T25:00:00Z"].map(
      (text): [FieldType, Json] => ["date", text],
    ),
    ["number", "7,5"],
    ["number", "0x10"],
    ["number", "12345678901234567890"],
    ["number", true],
    ["boolean", "yes"],
    ["boolean", 1],
    ["text", { a: 1 }],
  ])("%s guesses nothing of %j", (type, value) => expect(toFieldValue(type, value)).toBeNull());

  it("that do not fit are told by the path that they were read by", () => {
    const fields = [
      { key: "since", label: "Since", type: "date" as const, standard: false, path: null },
      { key: "badge", label: "Badge", type: "number" as const, standard: false, path: null },
    ];
    const mappings = compileMappings(
      [
        { field: "since", path: `${X}:since` },
        { field: "badge", path: `${X}.badge` },
      ],
      fields,
    );
    expect(misfitsOf({ [X]: { since: "Building 5", badge: "7" } }, mappings)).toEqual([
      { path: `${X}:since`, value: "Building 5" },
    ]);
    expect(misfitsOf({}, mappings)).toEqual([]);
    expect(misfitsOf({ [X]: { since: { a: 1 } } }, mappings)).toEqual([{ path: `${X}:since`, value: { a: 1 } }]);
  });
});
