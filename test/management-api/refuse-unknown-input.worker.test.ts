import { describe, expect, it } from "vitest";
import { OPERATIONS } from "../../src/management-api/open-api/open-api-operations.ts";
import { apiWith } from "./call-api.ts";
import { fillCompany } from "./fill-company.ts";

const api = apiWith(() => ({ ok: true, outcome: { kind: "done" } }));

describe("what a route does not know", () => {
  it("is refused with 400 in the query of every route, by its name", async () => {
    const { company } = await fillCompany();
    for (const { route } of OPERATIONS) {
      const [method = "", path = ""] = route.split(" ");
      const at = path.replace("{companyId}", company.id).replace(/\{\w+\}/g, "0192f0aa-0000-7000-8000-000000000000");
      const answer = await api(method, `${at}?limits=5`);
      expect([answer.status, answer.json], route).toMatchObject([
        400,
        { code: "invalid_input", errors: [{ pointer: "/limits" }] },
      ]);
    }
  });

  it("is refused as a body where none is taken, but for one that says nothing", async () => {
    const { company } = await fillCompany();
    const path = `/companies/${company.id}/webhooks/0192f0aa-0000-7000-8000-000000000000`;
    expect((await api("DELETE", path, { now: true })).status).toBe(400);
    expect((await api("DELETE", path, {})).status).toBe(404);
    expect((await api("DELETE", path, "")).status).toBe(404);
  });
});

describe("addresses in answers", () => {
  it("are those of PUBLIC_URL where it is set, else of the request", async () => {
    const { company, setting } = await fillCompany();
    const at = `/companies/${company.id}`;
    const behind = apiWith(() => ({ ok: true, outcome: { kind: "done" } }), {
      PUBLIC_URL: "https://rollcall.example/anything",
    });
    const ofSetting = `${at}/scim-settings/${setting.id}`;
    expect((await behind("GET", ofSetting)).json.tenantUrl).toBe("https://rollcall.example/scim/v2");
    expect((await api("GET", ofSetting)).json.tenantUrl).toBe("http://rollcall.test/scim/v2");
    const link = await behind("POST", `${at}/console-links`);
    expect(link.json.url).toMatch(/^https:\/\/rollcall\.example\/console\/enter\//);
    expect((await behind("GET", "/nothing")).json.type).toBe(
      "https://rollcall.example/api/v1/problems/no_such_address",
    );
    expect((await behind("GET", "/openapi.json")).json.servers).toMatchObject([
      { url: "https://rollcall.example/api/v1" },
    ]);
    for (const PUBLIC_URL of ["", "nonsense", "ftp://rollcall.example"]) {
      const plain = apiWith(() => ({ ok: true, outcome: { kind: "done" } }), { PUBLIC_URL });
      expect((await plain("GET", ofSetting)).json.tenantUrl, PUBLIC_URL).toBe("http://rollcall.test/scim/v2");
    }
  });
});
