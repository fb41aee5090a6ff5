import { describe, expect, it } from "vitest";
import { forWay, type Guide, type SignInWay } from "../../src/providers/guide.ts";
import { guideOf } from "../../src/providers/guides.ts";
import { SCIM_PATHS } from "../../src/providers/scim-paths.ts";
import { validateMappingPath } from "../../src/scim/filter/attribute-path.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";
import { PROVIDERS } from "../../src/settings/setting.ts";

/** What each way of signing in needs beside the tenant URL. */
const CREDENTIALS: Record<SignInWay, string[]> = {
  token: ["{token}"],
  client: ["{tokenEndpoint}", "{clientId}", "{clientSecret}"],
  federation: ["{tokenEndpoint}", "{clientId}"],
};

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

  it.each(guide.signIn)("has all that a sign-in by %s needs pasted exactly once, in one step", (way) => {
    const values = forWay(guide.steps, way).map((step) => (step.values ?? []).map(({ value }) => value));
    const pasted = values.flat().filter((value) => value.startsWith("{"));
    const where = pasted.includes("{tenantUrl}") ? ["{tenantUrl}"] : ["{tenantHost}", "{tenantPath}"];
    expect([...pasted].sort()).toEqual([...where, ...CREDENTIALS[way]].sort());
    expect(values.filter((each) => each.some((value) => value.startsWith("{")))).toHaveLength(1);
  });

  it.each(guide.signIn.filter((way) => way !== "token"))("advises no token to whoever signs in by %s", (way) => {
    for (const { fix } of forWay(guide.mistakes, way)) expect(fix).not.toMatch(/\bsecond token|\*\*Secret token/i);
  });

  it("has no step for a way of signing in that it does not name", () => {
    for (const { signIn } of guide.steps) if (signIn !== undefined) expect(guide.signIn).toContain(signIn);
    expect(new Set(guide.signIn).size).toBe(guide.signIn.length);
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
