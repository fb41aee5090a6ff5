import { describe, expect, it } from "vitest";
import { groupSettingsInput, settingChange, settingInput } from "../../src/settings/setting-input.ts";

const name = { targetGroupName: "Everyone" };

/** The members the schema complains of, or [] when it takes the input. */
function wrongMembers(input: unknown): string[] {
  const result = groupSettingsInput.safeParse(input);
  return result.success ? [] : result.error.issues.map((issue) => issue.path.join("/"));
}

describe("group settings", () => {
  it.each([
    [{ criteria: "idp" }, []],
    [{ criteria: "field", field: "department" }, []],
    [{ ...name, criteria: "none" }, []],
    [{ targetGroupId: "g", criteria: "none" }, []],
    [{ ...name, criteria: "idp", targetGroupScope: "ungrouped" }, []],
    [{ ...name, criteria: "field", field: "department", targetGroupScope: "ungrouped" }, []],
    [{ targetGroupId: null, targetGroupName: null, field: null, criteria: "idp" }, []],
    [{}, ["criteria"]],
    [{ criteria: "none" }, ["criteria"]],
    [{ criteria: "field" }, ["field"]],
    [{ criteria: "idp", field: "department" }, ["field"]],
    [{ ...name, targetGroupId: "g", criteria: "idp" }, ["targetGroupName"]],
    [{ criteria: "idp", targetGroupScope: "ungrouped" }, ["targetGroupScope"]],
    [{ ...name, criteria: "none", targetGroupScope: "ungrouped" }, ["targetGroupScope"]],
    [{ targetGroupName: "  ", criteria: "idp" }, ["targetGroupName"]],
    [{ criteria: "colour" }, ["criteria"]],
  ])("%j complains of %j", (input, wrong) => {
    expect(wrongMembers(input)).toEqual(wrong);
  });

  it("take everyone when no scope is given", () => {
    expect(groupSettingsInput.parse({ ...name, criteria: "none" })).toEqual({
      targetGroupName: "Everyone",
      targetGroupScope: "everyone",
      criteria: "none",
    });
  });
});

describe("a setting", () => {
  it("has a trimmed name of 1 to 200 characters and one of the known providers", () => {
    const rest = { provider: "okta", groupSettings: { criteria: "idp" } };
    expect(settingInput.parse({ name: " Okta ", ...rest })).toMatchObject({ name: "Okta", fieldMappings: [] });
    for (const wrong of ["", "   ", "x".repeat(201), 3])
      expect(settingInput.safeParse({ name: wrong, ...rest }).success).toBe(false);
    expect(settingInput.safeParse({ name: "Okta", ...rest, provider: "google" }).success).toBe(false);
  });

  it("may be changed in any of its members and no other", () => {
    expect(settingChange.parse({})).toEqual({});
    expect(settingChange.safeParse({ status: "paused" }).success).toBe(false);
  });
});
