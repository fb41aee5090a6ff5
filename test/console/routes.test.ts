import { describe, expect, it } from "vitest";
import { href, ROUTES } from "../../src/console/routes.ts";

describe("the URL table", () => {
  it("gives the URL of a route, with its parameters encoded and empty query members left out", () => {
    expect(href("companies", {})).toBe("/console");
    expect(href("setting", { companyId: "c", settingId: "a/b" })).toBe("/console/companies/c/settings/a%2Fb");
    expect(href("people", { companyId: "c" }, { q: "a b", status: null, sort: "" })).toBe(
      "/console/companies/c/people?q=a+b",
    );
  });

  it("has no two routes with one path", () => {
    const paths = Object.values(ROUTES);
    expect(new Set(paths).size).toBe(paths.length);
  });
});
