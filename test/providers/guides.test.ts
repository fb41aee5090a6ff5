import { describe, expect, it } from "vitest";
import { GROUPINGS, type Grouping, type Guide, type SignInWay } from "../../src/providers/guide.ts";
import { guideOf } from "../../src/providers/guides.ts";
import { SCIM_PATHS } from "../../src/providers/scim-paths.ts";
import { type TailoredGuide, tailorGuide } from "../../src/providers/tailor-guide.ts";
import { validateMappingPath } from "../../src/scim/filter/attribute-path.ts";
import { REFUSALS } from "../../src/scim/refusal-causes.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";
import { type Criteria, PROVIDERS } from "../../src/settings/setting.ts";

/** What each way of signing in needs beside the tenant URL. */
const CREDENTIALS: Record<SignInWay, string[]> = {
  token: ["{token}"],
  client: ["{tokenEndpoint}", "{clientId}", "{clientSecret}"],
  federation: ["{tokenEndpoint}", "{clientId}"],
};

/** A field that no guide names by itself. */
const FIELD = { groupField: "Site & $& floor", groupPath: "urn:example:Person:site" };

/** Every guide as a setting can see it. */
const ALL = PROVIDERS.flatMap((provider) =>
  guideOf(provider).signIn.flatMap((signIn) => GROUPINGS.map((grouping) => ({ provider, signIn, grouping }))),
);

function guideFor({ provider, signIn, grouping }: (typeof ALL)[number], hasCustomFields = false): TailoredGuide {
  return tailorGuide(guideOf(provider), { signIn, grouping, hasCustomFields, ...FIELD });
}

function textsOf(guide: TailoredGuide): string[] {
  const ofSteps = guide.steps.flatMap((step) => [step.title, step.where ?? "", step.note ?? "", ...step.actions]);
  const ofMistakes = guide.mistakes.flatMap(({ looks, means, fix }) => [looks, means, fix]);
  const ofCheck = [...guide.sendOne, ...guide.nothingCame, ...guide.test];
  return [...guide.prerequisites, ...ofSteps, ...ofCheck, ...ofMistakes, ...guide.limits];
}

/** What the steps and the check say, without what else there is to know. */
function workOf(guide: TailoredGuide): string {
  return [...guide.steps.flatMap(({ actions }) => actions), ...guide.sendOne, ...guide.test].join("\n");
}

describe.each(ALL)("the guide for $provider, signing in by $signIn, grouped by $grouping", (circumstances) => {
  const guide = guideFor(circumstances);
  const { signIn, grouping } = circumstances;

  it("has all that the sign-in needs pasted exactly once, in one step", () => {
    const values = guide.steps.map((step) => (step.values ?? []).map(({ value }) => value));
    const pasted = values.flat().filter((value) => value.startsWith("{"));
    const where = pasted.includes("{tenantUrl}") ? ["{tenantUrl}"] : ["{tenantHost}", "{tenantPath}"];
    expect([...pasted].sort()).toEqual([...where, ...CREDENTIALS[signIn]].sort());
    expect(values.filter((each) => each.some((value) => value.startsWith("{")))).toHaveLength(1);
  });

  it("asks for what people are grouped by, and for nothing that they are not", () => {
    const work = workOf(guide);
    const asksFor: Record<Grouping, boolean> = {
      none: work.includes("Everybody goes into one target group here"),
      field: work.includes(FIELD.groupField),
      idp: /becomes? (a )?target groups? of (its|that|the same) name/.test(work),
    };
    const needs = guide.prerequisites.join("\n");
    // Where a provider cannot send a field, the guide says so before its first step.
    if (grouping === "field" && needs.includes("Another grouping in this setting"))
      expect(needs).toContain(FIELD.groupPath);
    else if (grouping === "field") expect(work).toContain(`\`${FIELD.groupPath}\``);
    else if (grouping === "none") expect(work + needs).toContain("Everybody goes into one target group here");
    expect(GROUPINGS.filter((each) => each !== grouping && asksFor[each])).toEqual([]);
    if (grouping === "idp") expect(asksFor.idp).toBe(true);
  });

  it("leaves no condition on the grouping to its reader, and no place for a value in running text", () => {
    for (const text of textsOf(guide)) {
      expect(text).not.toMatch(/with grouping|if you group by|by department|synchronise groups”/i);
      expect(text).not.toMatch(/\{\w+\}/);
      expect((text.match(/`/g) ?? []).length % 2, text).toBe(0);
      expect((text.match(/\*\*/g) ?? []).length % 2, text).toBe(0);
    }
  });

  it("ends with one person to be sent, and says where to look when nothing comes", () => {
    expect(guide.sendOne.length).toBeGreaterThanOrEqual(1);
    expect(guide.sendOne[0]).toMatch(/one person/);
    if (grouping === "idp") expect(guide.sendOne.join(" ")).toMatch(/group/);
    expect(guide.nothingCame.length).toBeGreaterThanOrEqual(2);
    expect(guide.test.length).toBeGreaterThanOrEqual(1);
    expect(guide.mistakes.length).toBeGreaterThanOrEqual(2);
    for (const code of guide.mistakes.flatMap(({ codes = [] }) => codes)) expect(REFUSALS).toHaveProperty(code);
  });

  it("advises no token to whoever signs in otherwise", () => {
    if (signIn === "token") return;
    for (const { fix } of guide.mistakes) expect(fix).not.toMatch(/\bsecond token|\*\*Secret token/i);
  });

  it("speaks of what does not work by no secret to whoever has none", () => {
    if (signIn !== "federation") return;
    for (const { means, fix } of guide.mistakes) expect(means + fix).not.toMatch(/secret/i);
  });

  it("speaks of the setting's custom fields only where it has some", () => {
    const hasOwn = (texts: string[]) => texts.some((text) => /custom field/i.test(text));
    expect(hasOwn(textsOf(guide))).toBe(false);
    if (["entra", "okta", "onelogin", "jumpcloud"].includes(circumstances.provider))
      expect(hasOwn(textsOf(guideFor(circumstances, true)))).toBe(true);
  });

  it("has no step without anything to do", () => {
    for (const step of guide.steps) expect(step.actions.length, step.title).toBeGreaterThan(0);
  });
});

describe.each(PROVIDERS)("the guide for %s", (provider) => {
  const guide = guideOf(provider);

  it("names its own provider", () => {
    expect(guide.provider).toBe(provider);
  });

  it("has nothing for a way of signing in that it does not name", () => {
    const ofLines = (lines: Guide["prerequisites"]) =>
      lines.map((line) => (typeof line === "string" ? undefined : line.signIn));
    const { steps, mistakes, prerequisites, sendOne, nothingCame, test, limits } = guide;
    const lines = [prerequisites, sendOne, nothingCame, test, limits, ...steps.map(({ actions }) => actions)].flatMap(
      ofLines,
    );
    for (const signIn of [...lines, ...steps.map((step) => step.signIn), ...mistakes.map((each) => each.signIn)])
      if (signIn !== undefined) expect(guide.signIn).toContain(signIn);
    expect(new Set(guide.signIn).size).toBe(guide.signIn.length);
  });

  it("tells whoever chooses a grouping by a field or by groups what to know of it", () => {
    expect(guide.groupings.field?.length).toBeGreaterThan(20);
    expect(guide.groupings.idp?.length).toBeGreaterThan(20);
  });

  it("says where the vendor says so, by a title that is no file's name", () => {
    for (const { title, url } of guide.sources) {
      expect(new URL(url).protocol).toBe("https:");
      expect(title).toMatch(/^\p{L}.* .*\p{L}/u);
    }
  });

  it("suggests only paths that a field can be mapped to, each once", () => {
    for (const { path } of guide.paths)
      expect(() => validateMappingPath(resourceTypes().User, path), path).not.toThrow();
    expect(new Set(guide.paths.map(({ path }) => path)).size).toBe(guide.paths.length);
  });
});

it("knows the same groupings as a setting", () => {
  const criteria: Record<Criteria, true> = { none: true, field: true, idp: true };
  expect([...GROUPINGS].sort()).toEqual(Object.keys(criteria).sort());
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
