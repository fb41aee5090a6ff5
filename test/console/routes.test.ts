import { describe, expect, it } from "vitest";
import { href, isConsolePath, ROUTES } from "../../src/console/routes.ts";

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

  it.each(["/console", "/console/companies/x?q=1", "/console?after=x"])("%s may follow a sign-in", (path) => {
    expect(isConsolePath(path)).toBe(true);
  });

  it.each([
    "//evil.example",
    "https://evil.example",
    "/console//evil.example",
    "/consoles",
    "/console/\\evil",
    "/console/../api/v1/companies",
    "/console/x/%2e%2e/%2e%2e/api",
    "/console/\r\nSet-Cookie: a=b",
    "/console/\n",
    "/console/\t/evil.example",
    "/console/é",
    "/console?next=\u0000",
    "/api/v1",
    "",
  ])("%j may not follow a sign-in", (path) => {
    expect(isConsolePath(path)).toBe(false);
  });
});
