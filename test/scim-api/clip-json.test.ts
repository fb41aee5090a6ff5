import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/scim/json.ts";
import { clipJson } from "../../src/scim-api/clip-json.ts";

const secrets = new Set(["password"]);

describe("clipJson", () => {
  it("prints JSON as it is when it is short and holds nothing secret", () => {
    const value = { a: [1, "é", null, { b: true }], "urn:x:name": {} };
    expect(clipJson(value, secrets, 1000)).toBe(JSON.stringify(value));
  });

  it("redacts a secret attribute as a key, behind a URN, as a dotted name, as a PATCH path and in a filter", () => {
    const value: JsonObject = {
      Password: "p1",
      "urn:x:User:password": { deep: "p2" },
      Operations: [
        { op: "add", path: "urn:x:User:Password", value: "p3" },
        { OP: "add", PATH: "password", VALUE: ["p4"] },
        { op: "add", value: { "user.password": "p5" } },
      ],
      filter: 'password eq "p6"',
    };
    expect(clipJson(value, secrets, 1000)).not.toMatch(/p\d/);
  });

  it("stops at the limit, whatever the size of the value", () => {
    const text = clipJson({ list: Array.from({ length: 1_000_000 }, () => "x".repeat(10)) }, secrets, 100);
    expect(text.length).toBeLessThanOrEqual(102);
    expect(clipJson({ text: "y".repeat(5_000_000) }, secrets, 100).length).toBeLessThanOrEqual(110);
  });
});
