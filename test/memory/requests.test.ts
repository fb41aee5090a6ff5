import { describe, expect, it } from "vitest";
import { ROUTES as PAGES } from "../../src/console/routes.ts";
import { managementApi } from "../../src/management-api/management-api.ts";
import { listRoutes } from "../../src/management-api/unrouted.ts";
import { scimApi } from "../../src/scim-api/scim-api.ts";
import { ROUTES } from "./requests.ts";

const names = ROUTES.map(({ name }) => name);

/** Routes of the SCIM door that take nothing, or as much as another does by the same code, and answer with little. */
const SMALL = [
  ...["/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/:id", "/Schemas", "/Schemas/:id"].map(
    (path) => `GET ${path}`,
  ),
  ...["DELETE /Users/:id", "DELETE /Groups/:id", "POST /Users/.search", "POST /Groups/.search"],
];

describe("the worst requests that are looked for", () => {
  it("are those of every route of the SCIM door", () => {
    const tried = new Set(names.map((name) => name.split(",")[0]?.replaceAll("{id}", ":id")));
    const routes = scimApi()
      .routes.filter(({ method, path }) => method !== "ALL" && !path.includes("*"))
      .map(({ method, path }) => `${method} ${path}`);
    expect(routes.length).toBeGreaterThan(10);
    expect(routes.filter((route) => !tried.has(route) && !SMALL.includes(route))).toEqual([]);
  });

  it("are those of every route of the management API that takes or lists something", () => {
    const routes = listRoutes(managementApi().routes).filter(({ path }) => path !== "/openapi.json");
    const missing = routes
      .filter(({ method }) => method === "GET" || method === "PUT" || method === "PATCH")
      .map(({ method, path }) => `api ${method} ${path}`)
      .filter((name) => !names.includes(name));
    // A membership has no body, and the words of a problem are a sentence.
    expect(missing).toEqual([
      "api GET /problems/{code}",
      "api PUT /companies/{companyId}/target-groups/{groupId}/members/{userId}",
    ]);
  });

  it("are those of every page and download of a company's console", () => {
    for (const [name, path] of Object.entries(PAGES))
      expect(names.includes(`console ${name}`), name).toBe(path.startsWith("/companies"));
  });
});
