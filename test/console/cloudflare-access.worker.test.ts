import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { consoleApp } from "../../src/console/console.tsx";
import type { Env } from "../../src/platform/env.ts";

function ask(overrides: Partial<Env>, headers: Record<string, string> = {}): Promise<Response> {
  const app = new Hono<{ Bindings: Env }>().route("/console", consoleApp());
  return Promise.resolve(app.request("https://rollcall.test/console/sign-in", { headers }, { ...env, ...overrides }));
}

const access = { ACCESS_TEAM_DOMAIN: "northwind.cloudflareaccess.com", ACCESS_AUD: "the-application" };

describe("behind Cloudflare Access", () => {
  it("a request without an assertion, or with a wrong one, is refused", async () => {
    expect((await ask(access)).status).toBe(403);
    expect((await ask(access, { "Cf-Access-Jwt-Assertion": "nonsense" })).status).toBe(403);
  });

  it("half a configuration lets nobody through", async () => {
    expect((await ask({ ACCESS_AUD: "the-application" })).status).toBe(503);
    expect((await ask({ ACCESS_TEAM_DOMAIN: "northwind.cloudflareaccess.com" })).status).toBe(503);
  });

  it("nothing is asked for when neither is set", async () => {
    expect((await ask({})).status).toBe(200);
  });
});

describe("without a session secret", () => {
  it("nobody can sign in, and the page says what to do", async () => {
    const response = await ask({ SESSION_SECRET: "" });
    expect(response.status).toBe(503);
    expect(await response.text()).toContain("SESSION_SECRET");
  });
});
