import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { validateMappingPath } from "../../src/scim/filter/attribute-path.ts";
import { DEFAULT_COUNT, MAX_COUNT } from "../../src/scim/list/list-query.ts";
import { REFUSALS } from "../../src/scim/refusal-causes.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";
import { oauthApi } from "../../src/scim-api/oauth-api.ts";
import { scimApi } from "../../src/scim-api/scim-api.ts";

const folder = join(import.meta.dirname, "../../.github/docs");
const NAMES = ["scim.md", "entra-gallery.md", "okta-network.md"];
const pages = new Map(NAMES.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
const pageOf = (name: string) => pages.get(name) ?? "";

/** The parts that the gallery, and Okta's network, ask a page for. */
const PARTS = [
  "Introduction",
  "Requirements",
  "Roles",
  "Endpoints and attributes",
  "Signing in",
  "Pilot",
  "Trouble-shooting",
  "Support",
];

/** What stands in code in some columns of a page's tables. */
function codesIn(page: string, ...columns: number[]): string[] {
  const rows = page.split("\n").filter((line) => line.startsWith("|") && !/^\|[-|]+$/.test(line));
  const cells = rows.flatMap((row) => columns.map((column) => row.split("|")[column + 1] ?? ""));
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text));
}

function sectionOf(page: string, title: string): string {
  return page.split(/^## /m).find((section) => section.startsWith(title)) ?? "";
}

describe.each(["entra-gallery.md", "okta-network.md"])("the page %s", (name) => {
  it("has all its parts, in order", () => {
    const titles = [...pageOf(name).matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(titles).toEqual(PARTS);
  });

  it("maps attributes that there are", () => {
    const attributes = codesIn(sectionOf(pageOf(name), "Endpoints"), 1).filter((each) => each !== "members");
    expect(attributes.length).toBeGreaterThan(10);
    for (const attribute of attributes)
      expect(() => validateMappingPath(resourceTypes().User, attribute), attribute).not.toThrow();
  });

  it("explains codes that scim.md explains", () => {
    const codes = codesIn(sectionOf(pageOf(name), "Trouble-shooting"), 1).filter((code) => /^[a-z_]+$/.test(code));
    const known = codesIn(sectionOf(pageOf("scim.md"), "Errors"), 0);
    expect(codes.length).toBeGreaterThan(4);
    expect(codes.filter((code) => !known.includes(code))).toEqual([]);
  });
});

describe("the page scim.md", () => {
  it("names codes that there are, each with its status", () => {
    const rows = [...sectionOf(pageOf("scim.md"), "Errors").matchAll(/^\| (`[^|]+`) \| (\d{3}) \|/gm)];
    expect(rows.length).toBeGreaterThan(20);
    const statuses = new Map<string, { status: number }>(Object.entries(REFUSALS));
    for (const [, codes = "", status] of rows)
      for (const [, code = ""] of codes.matchAll(/`(\w+)`/g))
        expect(statuses.get(code)?.status, code).toBe(Number(status));
  });

  it("names endpoints that there are", () => {
    const paths = [
      ...scimApi().routes.map(({ path }) => path),
      ...oauthApi().routes.map(({ path }) => path.replace("/scim/v2", "")),
    ].filter((path) => !path.includes("*"));
    const routes = paths.map((path) => new RegExp(`^${path.replaceAll(".", "\\.").replace(/:\w+/g, "[^/]+")}$`));
    const named = codesIn(sectionOf(pageOf("scim.md"), "Endpoints"), 0).filter((path) => path !== "/scim/oauth/token");
    expect(named.length).toBeGreaterThan(9);
    for (const path of named)
      expect(
        routes.some((route) => route.test(path)),
        path,
      ).toBe(true);
    expect(oauthApi().routes.map(({ path }) => path)).toContain("/scim/oauth/token");
  });

  it("names attributes that there are, and the sizes of pages", () => {
    const groups = ["members"];
    for (const attribute of codesIn(sectionOf(pageOf("scim.md"), "Attributes"), 0))
      if (!groups.includes(attribute))
        expect(() => validateMappingPath(resourceTypes().User, attribute), attribute).not.toThrow();
    expect(pageOf("scim.md")).toContain(`A list has ${DEFAULT_COUNT} resources a page`);
    expect(pageOf("scim.md")).toContain(`${MAX_COUNT} at most`);
  });
});

it("pages lead to pages and parts that there are", () => {
  const files = readdirSync(folder);
  for (const [name, page] of pages)
    for (const [, target = ""] of page.matchAll(/\]\(([^)]+)\)/g)) {
      const [file = "", part] = target.split("#");
      expect(files, `${name}: ${target}`).toContain(file);
      if (part !== undefined) expect(pageOf(file).toLowerCase(), target).toContain(`\n## ${part}`);
    }
});
