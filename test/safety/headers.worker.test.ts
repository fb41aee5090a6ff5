import { beforeAll, describe, expect, it } from "vitest";
import { call } from "../scim-api/scim-client.ts";
import { fetchWith } from "./injected-bindings.ts";
import { type PopulatedCompany, populate } from "./populated-company.ts";

let company: PopulatedCompany;

beforeAll(async () => {
  company = await populate("headers");
});

describe("every answer of every door", () => {
  it("is for HTTPS only, of its own type only, in no frame and in no cache", async () => {
    const operator = { authorization: "Bearer operator-key-of-the-tests-0123456789" };
    const provider = { authorization: `Bearer ${company.client.token}` };
    const asked: [string, string, Record<string, string>, number][] = [
      ["GET", "/scim/v2/Users", provider, 200],
      ["GET", `/scim/v2/Users/${company.userId}`, provider, 200],
      ["GET", "/scim/v2/ServiceProviderConfig", {}, 200],
      ["GET", "/scim/v2/Users", {}, 401],
      ["GET", "/scim/v2/Nowhere", provider, 404],
      ["DELETE", "/scim/v2/Users", provider, 405],
      ["DELETE", `/scim/v2/Groups/${company.scimGroupId}`, provider, 204],
      ["GET", "/api/v1/companies", operator, 200],
      ["GET", `/api/v1/companies/${company.companyId}/target-users`, operator, 200],
      ["GET", `/api/v1/companies/${company.companyId}/target-users/${company.userId}/export`, operator, 200],
      ["GET", "/api/v1/companies", {}, 401],
      ["GET", "/api/v1/openapi.json", {}, 200],
      ["GET", "/healthz", {}, 200],
      ["GET", "/nowhere", {}, 404],
    ];
    for (const [method, path, headers, status] of asked) {
      const answer = await fetchWith({}, method, path, { headers });
      const about = `${method} ${path}`;
      expect(answer.status, about).toBe(status);
      expect(answer.headers.get("strict-transport-security"), about).toMatch(/^max-age=\d{8}; includeSubDomains$/);
      expect(answer.headers.get("x-content-type-options"), about).toBe("nosniff");
      expect(answer.headers.get("cache-control"), about).toBe("no-store");
      expect(answer.headers.get("x-frame-options"), about).toBe("DENY");
      for (const directive of ["default-src", "object-src", "base-uri", "frame-ancestors"])
        expect(answer.headers.get("content-security-policy"), about).toContain(`${directive} 'none'`);
      expect(answer.headers.get("x-powered-by"), about).toBeNull();
      expect(answer.headers.get("access-control-allow-origin"), about).toBeNull();
    }
  });

  it("of the console keeps the console's own policy", async () => {
    const answer = await fetchWith({}, "GET", "/console");
    for (const directive of ["script-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"])
      expect(answer.headers.get("content-security-policy")).toContain(directive);
    expect(answer.headers.get("referrer-policy")).toBe("same-origin");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("strict-transport-security")).toMatch(/^max-age=/);
  });
});

describe("names that every object has by birth", () => {
  it("are no files of the console", async () => {
    for (const name of ["constructor", "toString", "hasOwnProperty", "__proto__"])
      expect((await fetchWith({}, "GET", `/console/assets/${name}`)).status, name).toBe(404);
  });
});

describe("/healthz", () => {
  it("says that the bindings work, and what to do when they do not, and no secret", async () => {
    const well = await call("GET", "/healthz");
    expect(well.json).toEqual({ status: "ok" });
    const failing = {
      prepare: () => ({ first: () => Promise.reject(new Error("D1_ERROR: no such table: companies")) }),
    };
    // Only what /healthz calls.
    const ill = await fetchWith({ DB: failing as unknown as D1Database }, "GET", "/healthz");
    expect(ill.status).toBe(503);
    expect(ill.headers.get("retry-after")).toBe("5");
    expect(await ill.text()).not.toMatch(/D1_ERROR|operator-key|session-secret/);
  });
});
