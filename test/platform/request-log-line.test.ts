import { describe, expect, it } from "vitest";
import { consoleApp } from "../../src/console/console.tsx";
import { managementApi } from "../../src/management-api/management-api.ts";
import { requestLine } from "../../src/platform/request-log-line.ts";
import { scimApi } from "../../src/scim-api/scim-api.ts";

const ID = "0192f0aa-0000-7000-8000-000000000000";

function lineOf(path: string, status = 200): Record<string, unknown> {
  const response = new Response(null, { status, headers: { "X-Request-Id": ID } });
  return JSON.parse(requestLine(new Request(`https://rollcall.test${path}`), response, 12));
}

describe("the line of a request", () => {
  it("has the request's id, method, path, status and time", () => {
    expect(lineOf(`/scim/v2/Users/${ID}`)).toEqual({
      level: "info",
      message: "request",
      requestId: ID,
      method: "GET",
      path: `/scim/v2/Users/${ID}`,
      status: 200,
      duration: 12,
    });
    expect(lineOf("/scim/v2/Users", 503).level).toBe("error");
  });

  it("shows the words of every route of every door", () => {
    const routes = [
      ...scimApi().routes.map(({ path }) => `/scim/v2${path}`),
      ...managementApi().routes.map(({ path }) => `/api/v1${path}`),
      ...consoleApp().routes.map(({ path }) => `/console${path}`),
    ];
    for (const route of new Set(routes)) {
      const path = route.replaceAll(/:\w+/g, ID).replaceAll("*", "");
      expect(lineOf(path).path).toBe(path);
    }
  });

  it("shows the endpoints of SCIM in the case they were sent in", () => {
    for (const path of ["/scim/v2/users", "/scim/v2/GROUPS/.SEARCH"]) expect(lineOf(path).path).toBe(path);
  });

  it("has no query and no part of the path that may name a person", () => {
    const lines = [
      '/scim/v2/Users?filter=userName eq "ada@example.com"',
      "/scim/v2/Users/ada@example.com",
      "/scim/v2/Users/ada",
      "/scim/v2/ada.lovelace",
      "/console/enter/ada-secret",
    ].map((path) => JSON.stringify(lineOf(path)));
    for (const line of lines) expect(line).not.toContain("ada");
  });
});
