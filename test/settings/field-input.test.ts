import { describe, expect, it } from "vitest";
import { fieldInput } from "../../src/settings/field-input.ts";

describe("a custom field", () => {
  it("has a key of letters, digits and underscores that no standard field has", () => {
    const rest = { label: "Location", type: "text" };
    for (const key of ["location", "cost_centre2", "X"])
      expect(fieldInput.safeParse({ key, ...rest }).success).toBe(true);
    for (const key of [
      "",
      "2fa",
      "a b",
      "a.b",
      "email",
      "department",
      "__proto__",
      "constructor",
      "prototype",
      "toString",
    ])
      expect(fieldInput.safeParse({ key, ...rest }).success, key).toBe(false);
  });

  it("has no key that a standard field or an attribute of every user has, in any case", () => {
    const standard = ["email", "Email", "FIRSTNAME", "lastName", "Department", "phonenumber"];
    const attributes = [
      "userName",
      "status",
      "settingId",
      "managed",
      "username",
      "externalId",
      "EXTERNALID",
      "displayName",
      "active",
      "Active",
      "memberOf",
    ];
    const scim = ["id", "Id", "password", "groups", "Groups", "meta", "schemas"];
    for (const key of [...standard, ...attributes, ...scim]) {
      const { error } = fieldInput.safeParse({ key, label: "L", type: "text" });
      expect(error?.issues, key).toMatchObject([{ path: ["key"], message: expect.stringContaining(`"${key}"`) }]);
    }
    for (const key of ["userNames", "title", "manager", "group", "state"])
      expect(fieldInput.safeParse({ key, label: "L", type: "text" }).success, key).toBe(true);
  });

  it("has one of four types", () => {
    for (const type of ["text", "number", "date", "boolean"])
      expect(fieldInput.safeParse({ key: "x", label: "X", type }).success).toBe(true);
    expect(fieldInput.safeParse({ key: "x", label: "X", type: "list" }).success).toBe(false);
  });
});
