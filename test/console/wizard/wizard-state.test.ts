import { describe, expect, it } from "vitest";
import { explainPath } from "../../../src/console/setting/explain-path.ts";
import { draftField } from "../../../src/console/setting/field-from-name.ts";
import { judgeGrouping, readMappings } from "../../../src/console/setting/setting-draft.ts";
import { carriedValues, readState } from "../../../src/console/wizard/wizard-state.ts";
import { STANDARD_FIELDS } from "../../../src/settings/fields.ts";

const ID = "0192f1c2-7c1e-7a54-9d0e-2b6f5c1d8e11";
const location = { key: "location", label: "Location", type: "text", standard: false, path: null } as const;
const fields = [...STANDARD_FIELDS, location];

describe("the wizard's state", () => {
  it("begins with an id of its own and without errors", () => {
    const state = readState({}, fields, Date.now());
    expect(state).toMatchObject({ step: 0, values: {}, errors: {} });
    expect(state.id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("goes to no step before which something is wrong", () => {
    const state = readState({ id: ID, name: " ", provider: "okta", step: "3" }, fields, 0);
    expect(state.step).toBe(0);
    expect(state.errors).toEqual({ name: "Give the setting a name of 1 to 200 characters." });
    const wrongPath = { id: ID, name: "X", provider: "okta", "path.location": "no such[", step: "2" };
    expect(readState(wrongPath, fields, 0)).toMatchObject({ step: 1, errors: { "path.location": expect.any(String) } });
    const noCriteria = readState({ id: ID, name: "X", provider: "okta", step: "3" }, fields, 0);
    expect(noCriteria).toMatchObject({ step: 2, errors: { criteria: expect.any(String) } });
  });

  it("carries all values along but those the form shows and those of a field not yet made", () => {
    const given = {
      id: ID,
      name: "X",
      provider: "okta",
      "path.location": "title",
      group: "G",
      newLabel: "Y",
      junk: "z",
    };
    const state = readState({ ...given, step: "1" }, fields, 0);
    expect(carriedValues(state)).toEqual({ id: ID, name: "X", provider: "okta", "path.location": "title", group: "G" });
    expect(carriedValues(state, ["path."])).toEqual({ id: ID, name: "X", provider: "okta", group: "G" });
  });
});

describe("a form's mapping and grouping", () => {
  it("keeps only paths that differ from the fields' own", () => {
    const values = { "path.email": "emails", "path.department": "title", "path.location": " ", "path.other": "title" };
    expect(readMappings(values, fields)).toEqual([{ field: "department", path: "title" }]);
  });

  it("drops choices that mean nothing with the others", () => {
    const judged = judgeGrouping(
      { criteria: "none", group: " Staff ", scope: "ungrouped", field: "department" },
      fields,
    );
    expect(judged.input).toMatchObject({ criteria: "none", targetGroupName: "Staff", targetGroupScope: "everyone" });
    expect(judged.input).not.toHaveProperty("field", "department");
  });

  it("refuses no criteria without a group, and grouping by a field that nothing fills", () => {
    expect(judgeGrouping({ criteria: "none" }, fields).errors).toHaveProperty("criteria");
    expect(judgeGrouping({ criteria: "field", field: "location" }, fields).errors).toHaveProperty("field");
    const mapped = { criteria: "field", field: "location", "path.location": "title" };
    expect(judgeGrouping(mapped, fields).errors).toEqual({});
  });
});

describe("a path while it is typed", () => {
  it("shows an example value where one is known, and why it is wrong where it is", () => {
    expect(explainPath('addresses[type eq "work"].locality')).toEqual({ ok: true, message: "Example: London" });
    expect(explainPath("urn:acme:params:scim:User:site").ok).toBe(true);
    expect(explainPath('addresses[type eq "work"').ok).toBe(false);
    expect(explainPath("")).toEqual({ ok: true, message: "" });
  });
});

describe("a new custom field", () => {
  it.each([
    ["Cost centre", "costCentre"],
    ["Büro-Standort", "buroStandort"],
    ["4th floor desk", "thFloorDesk"],
  ])("%s gets the key %s", (label, key) => {
    expect(draftField(label, "text", fields).field?.key).toBe(key);
  });

  it("needs a name, a new one, with a letter in it", () => {
    expect(draftField(" ", "text", fields).error).toBe("Give the field a name.");
    expect(draftField("location", "text", fields).error).toContain("already");
    expect(draftField("部門", "text", fields).error).toContain("letter");
    expect(draftField("User name", "text", fields).error).toContain(
      "“userName”, which a standard field or an attribute",
    );
    expect(draftField("External ID", "text", fields).error).toContain("“externalID”, which");
    expect(draftField("x".repeat(201), "text", fields).error).toContain("shorter");
  });
});
