import { describe, expect, it } from "vitest";
import { type Field, STANDARD_FIELDS } from "../../src/settings/fields.ts";
import { judgeSetting } from "../../src/settings/judge-mappings-and-grouping.ts";

const location: Field = { key: "location", label: "Location", type: "text", standard: false, path: null };
const fields = [...STANDARD_FIELDS, location];
const mapped = { field: "location", path: 'addresses[type eq "work"].locality' };

describe("a setting", () => {
  it("may map any of the company's fields to any path the schemas know", () => {
    const paths = [
      mapped.path,
      "userName",
      "name.givenName",
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter",
      "urn:contoso:scim:extension:hr:1.0:User:badge",
    ];
    for (const path of paths)
      expect(
        judgeSetting({ fieldMappings: [{ field: "location", path }], groupSettings: { criteria: "idp" } }, fields),
        path,
      ).toEqual([]);
  });

  it("is told which mapping has which path wrong", () => {
    const fieldMappings = [mapped, { field: "email", path: "name.surname" }, { field: "department", path: "name[" }];
    expect(judgeSetting({ fieldMappings, groupSettings: { criteria: "idp" } }, fields)).toEqual([
      { pointer: "/fieldMappings/1/path", detail: expect.stringContaining("surname") },
      { pointer: "/fieldMappings/2/path", detail: expect.any(String) },
    ]);
  });

  it("may not map what is not kept of what providers send", () => {
    for (const path of [
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName",
      "meta.created",
    ])
      expect(
        judgeSetting({ fieldMappings: [{ field: "location", path }], groupSettings: { criteria: "idp" } }, fields),
      ).toEqual([{ pointer: "/fieldMappings/0/path", detail: expect.stringContaining("read-only") }]);
  });

  it("maps no field twice and none the company does not have", () => {
    const fieldMappings = [mapped, mapped, { field: "colour", path: "userName" }];
    expect(judgeSetting({ fieldMappings, groupSettings: { criteria: "idp" } }, fields)).toEqual([
      { pointer: "/fieldMappings/1/field", detail: 'The field "location" is mapped twice: map it once.' },
      { pointer: "/fieldMappings/2/field", detail: expect.stringContaining('no field "colour"') },
    ]);
  });

  it("groups by a standard field, or by a custom one that it maps", () => {
    const by = (field: string, fieldMappings = [mapped]) =>
      judgeSetting({ fieldMappings, groupSettings: { criteria: "field", field } }, fields);
    expect(by("department", [])).toEqual([]);
    expect(by("location")).toEqual([]);
    expect(by("location", [])).toEqual([
      { pointer: "/groupSettings/field", detail: expect.stringContaining("not mapped") },
    ]);
    expect(by("colour")).toEqual([{ pointer: "/groupSettings/field", detail: expect.stringContaining("no field") }]);
  });
});
