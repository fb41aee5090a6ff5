import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { Env } from "../../src/platform/env.ts";
import { newClient, type ScimClient } from "../scim-api/scim-client.ts";
import { fetchWith } from "./injected-bindings.ts";

const SHORT: Partial<Env> = { OPERATOR_KEY: "a", SESSION_SECRET: "b" };
const SHORT_KEY: Partial<Env> = { OPERATOR_KEY: "a".repeat(31) };
const SHORT_SECRET: Partial<Env> = { SESSION_SECRET: "b".repeat(31) };

/** What each door answers with these secrets to whoever knows them: [API, operator's sign-in, console link]. */
async function doors(secrets: Partial<Env>): Promise<number[]> {
  const key = secrets.OPERATOR_KEY ?? env.OPERATOR_KEY;
  const headers = { origin: "https://rollcall.test" };
  const answers = [
    await fetchWith(secrets, "GET", "/api/v1/companies", { token: key }),
    await fetchWith(secrets, "POST", "/console/sign-in", { headers, form: `key=${encodeURIComponent(key)}` }),
    await fetchWith(secrets, "GET", "/console/enter/made-up"),
  ];
  return answers.map(({ status }) => status);
}

beforeAll(() => env.DB.prepare("DELETE FROM companies").run());

describe("a new deployment", () => {
  it("refuses secrets of fewer than 32 bytes, either of them, and says what to do", async () => {
    expect(await doors(SHORT)).toEqual([503, 503, 503]);
    expect(await doors(SHORT_SECRET)).toEqual([503, 503, 503]);
    expect(await doors(SHORT_KEY)).toEqual([503, 503, 410]);
    for (const [secrets, name] of [
      [SHORT_KEY, "OPERATOR_KEY"],
      [SHORT_SECRET, "SESSION_SECRET"],
    ] as const) {
      const token = secrets.OPERATOR_KEY ?? env.OPERATOR_KEY;
      const answer = await fetchWith(secrets, "POST", "/api/v1/companies", { token, body: { name: "A" } });
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({
        code: "not_configured",
        detail: expect.stringMatching(new RegExp(`^${name} has fewer than 32 bytes.*wrangler secret put ${name}`)),
      });
    }
    expect(await env.DB.prepare("SELECT count(*) AS n FROM companies").first("n")).toBe(0);
    expect(await doors({})).toEqual([200, 303, 410]);
  });
});

describe("the first page of a Worker", () => {
  it("is the console, which says of both secrets at once what to set while there is none", async () => {
    const first = await fetchWith({}, "GET", "/");
    expect([first.status, first.headers.get("Location")]).toEqual([302, "/console"]);
    const none = { OPERATOR_KEY: "", SESSION_SECRET: "" };
    const page = await fetchWith(none, "GET", "/console");
    expect(page.status).toBe(503);
    const text = await page.text();
    for (const name of ["OPERATOR_KEY", "SESSION_SECRET"]) expect(text).toContain(`npx wrangler secret put ${name}`);
    expect(await (await fetchWith({ SESSION_SECRET: "" }, "GET", "/console")).text()).not.toContain("OPERATOR_KEY");
  });
});

describe("a deployment with companies whose secrets are short", () => {
  let client: ScimClient;
  beforeAll(async () => {
    client = await newClient();
  });

  it("goes on serving SCIM: reads and writes, with tokens it made before", async () => {
    for (const secrets of [SHORT, SHORT_KEY, SHORT_SECRET, { OPERATOR_KEY: "", SESSION_SECRET: "" }]) {
      const body = { userName: `user-${secrets.OPERATOR_KEY?.length}-${secrets.SESSION_SECRET?.length}` };
      const send = (method: string, sent: { body?: unknown } = {}) =>
        fetchWith(secrets, method, "/scim/v2/Users", { token: client.token, ...sent });
      expect([(await send("POST", { body })).status, (await send("GET")).status]).toEqual([201, 200]);
    }
  });

  it("closes the API and the operator's console for a short OPERATOR_KEY, and the consoles for a short SESSION_SECRET", async () => {
    expect(await doors(SHORT)).toEqual([503, 503, 503]);
    expect(await doors(SHORT_KEY)).toEqual([503, 503, 410]);
    expect(await doors(SHORT_SECRET)).toEqual([200, 503, 503]);
  });

  it("still makes tokens by the API while only SESSION_SECRET is short: a leaked one must be replaced", async () => {
    const path = `/api/v1/companies/${client.companyId}/scim-settings/${client.settingId}/tokens`;
    const made = await fetchWith(SHORT_SECRET, "POST", path, { token: env.OPERATOR_KEY, body: {} });
    expect(made.status).toBe(201);
    const { secret: token } = await made.json<{ secret: string }>();
    expect((await fetchWith(SHORT_SECRET, "GET", "/scim/v2/Users", { token })).status).toBe(200);
  });
});
