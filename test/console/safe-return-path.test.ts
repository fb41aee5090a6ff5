import { describe, expect, it } from "vitest";
import { isConsolePath } from "../../src/console/safe-return-path.ts";

describe("where a sign-in leads to", () => {
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
