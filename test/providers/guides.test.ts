import { describe, expect, it } from "vitest";
import type { Guide } from "../../src/providers/guide.ts";
import { guideOf } from "../../src/providers/guides.ts";
import { SCIM_PATHS } from "../../src/providers/scim-paths.ts";
import { validateMappingPath } from "../../src/scim/filter/attribute-path.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";
import { PROVIDERS } from "../../src/settings/setting.ts";

function textsOf(guide: Guide): string[] {
  const ofSteps = guide.steps.flatMap((step) => [step.title, step.where ?? "", step.note ?? "", ...step.actions]);
  const ofMistakes = guide.mistakes.flatMap(({ looks, means, fix }) => [looks, means, fix]);
  return [...guide.needs, ...ofSteps, ...guide.test, ...ofMistakes, ...guide.limits];
}

describe.each(PROVIDERS)("the guide for %s", (provider) => {
  const guide = guideOf(provider);

  it("names its own provider", () => {
    expect(guide.provider).toBe(provider);
  });

  it("has the tenant URL, whole or in its two parts, and the token pasted exactly once, in one step", () => {
    const values = guide.steps.map((step) => (step.values ?? []).map(({ value }) => value));
    const pasted = values.flat().filter((value) => value.startsWith("{"));
    const isWhole = pasted.includes("{tenantUrl}");
    expect(pasted).toEqual(isWhole ? ["{tenantUrl}", "{token}"] : ["{tenantHost}", "{tenantPath}", "{token}"]);
    expect(values.filter((each) => each.some((value) => value.startsWith("{")))).toHaveLength(1);
  });

  it("says what to test, what goes wrong and where the vendor says so", () => {
    expect(guide.test.length).toBeGreaterThanOrEqual(2);
    expect(guide.mistakes.length).toBeGreaterThanOrEqual(3);
    for (const source of guide.sources) expect(new URL(source).protocol).toBe("https:");
  });

  it("marks code and bold in pairs and leaves no place for a value in running text", () => {
    for (const text of textsOf(guide)) {
      expect((text.match(/`/g) ?? []).length % 2, text).toBe(0);
      expect((text.match(/\*\*/g) ?? []).length % 2, text).toBe(0);
      expect(text).not.toMatch(/\{\w+\}/);
    }
  });

  it("suggests only paths that a field can be mapped to, each once", () => {
    for (const { path } of guide.paths)
      expect(() => validateMappingPath(resourceTypes().User, path), path).not.toThrow();
    expect(new Set(guide.paths.map(({ path }) => path)).size).toBe(guide.paths.length);
  });
});

describe("the OneLogin template", () => {
  it("is JSON that fills the standard fields", () => {
    const template = guideOf("onelogin").steps.find((step) => step.template !== undefined)?.template ?? "";
    expect(JSON.parse(template)).toMatchObject({
      userName: "{$parameters.scimusername}",
      name: { givenName: "{$user.firstname}", familyName: "{$user.lastname}" },
      emails: [{ type: "work", primary: true }],
    });
    expect(template).toContain(SCIM_PATHS.department.path.replace(/:department$/, ""));
  });
});
