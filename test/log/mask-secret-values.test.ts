import { describe, expect, it } from "vitest";
import { printMasked } from "../../src/log/mask-secret-values.ts";
import type { Json, JsonObject } from "../../src/scim/json.ts";

const secrets = new Set(["password"]);

describe("printMasked", () => {
  it("prints JSON as it is when it is short and holds nothing secret", () => {
    const value = { a: [1, "é", null, { b: true }], "urn:x:name": {} };
    expect(printMasked(value, secrets, 1000)).toBe(JSON.stringify(value));
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
    expect(printMasked(value, secrets, 1000)).not.toMatch(/p\d/);
  });

  it("reads a key again that another list of secrets has not", () => {
    const sent = { pin: "1", "urn:x:User:pin": "2" };
    expect(printMasked(sent, new Set(), 1000)).toBe(JSON.stringify(sent));
    expect(printMasked(sent, new Set(["pin"]), 1000)).not.toMatch(/\d"/);
    expect(printMasked(sent, new Set(), 1000)).toBe(JSON.stringify(sent));
  });

  it("stops at the limit, whatever the size of the value", () => {
    const text = printMasked({ list: Array.from({ length: 1_000_000 }, () => "x".repeat(10)) }, secrets, 100);
    expect(text.length).toBeLessThanOrEqual(102);
    expect(printMasked({ text: "y".repeat(5_000_000) }, secrets, 100).length).toBeLessThanOrEqual(110);
  });

  it("leaves out what is named within an attribute, there alone, also where a path names the attribute", () => {
    const omissions = new Map([["manager", new Set(["displayname"])]]);
    const clip = (value: Json) => printMasked(value, new Set(), 1000, omissions);
    const kept = { displayName: "own", "urn:x:User": { manager: { value: "1", displayName: "other" } } };
    expect(clip(kept)).toContain("own");
    const sent: JsonObject[] = [
      kept,
      { "urn:x:User:manager": [{ displayName: "other" }] },
      { "urn:x:User:manager.displayName": "other" },
      { Operations: [{ op: "add", path: "urn:x:User:manager", value: { DisplayName: "other" } }] },
      { Operations: [{ op: "add", path: "urn:x:User:manager.displayName", value: "other" }] },
      { Operations: [{ op: "add", value: { "urn:x:User:manager": { displayName: "other" } } }] },
    ];
    for (const value of sent) expect(clip(value)).not.toContain("other");
  });
});
