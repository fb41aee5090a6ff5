import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { consoleApp } from "../../src/console/console.tsx";
import { inTurn } from "../generated-cases.ts";
import { must, type PopulatedCompany, populate } from "../safety/populated-company.ts";
import { digestCompany } from "../safety/state-digest.ts";
import { operate } from "../scim-api/scim-client.ts";
import { ORIGIN, request, signInAdmin } from "./sign-in-to.ts";

const UNKNOWN = "0192f0aa-0000-7000-8000-000000000000";

interface Route {
  method: string;
  path: string;
}

const ROUTES: Route[] = [
  ...new Map(
    consoleApp()
      .routes.filter(({ method, path }) => method !== "ALL" && path.includes(":companyId"))
      .map((route) => [`${route.method} ${route.path}`, route]),
  ).values(),
];

let a: PopulatedCompany;
let b: PopulatedCompany;
let cookie: string;

async function sessionOf({ companyId }: PopulatedCompany): Promise<string> {
  const key = await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?")
    .bind(companyId)
    .first("company_key");
  return signInAdmin(Number(key));
}

function idOf(company: PopulatedCompany, name: string): string {
  const { companyId, settingId, tokenId, clientId, secretId, trustId, userId } = company;
  const { targetGroupId, requestId, webhookId, changeId, holdId, alertId, channelId } = company;
  const ids: Record<string, string> = {
    ...{ companyId, settingId, tokenId, clientId, secretId, trustId, userId, groupId: targetGroupId, requestId },
    ...{ webhookId, holdId, alertId, channelId, deliveryId: changeId, sessionId: "0".repeat(24) },
  };
  const id = ids[name];
  if (id === undefined) throw new Error(`no id is known for the path parameter ${name}`);
  return id;
}

function send({ method, path }: Route, idFor: (name: string) => string, session: string): Promise<Response> {
  const at = `/console${path.replace(/:(\w+)/g, (_, name: string) => idFor(name))}`;
  const headers = { Cookie: session, Origin: ORIGIN, "Content-Type": "application/x-www-form-urlencoded" };
  return request(at, { method, headers, ...(method === "POST" ? { body: "name=x&userId=x" } : {}) });
}

beforeAll(async () => {
  [a, b] = [await populate("alpha"), await populate("bravo")];
  cookie = await sessionOf(a);
});

describe("every page and form of a company in the console", () => {
  it("is in the table that these tests are made from", () => {
    expect(ROUTES.length).toBeGreaterThan(35);
  });

  it("sends those without a session, and with a forged one, to the sign-in page", async () => {
    const before = await digestCompany(b.companyId);
    for (const route of ROUTES)
      for (const session of ["", `${cookie}x`, cookie.replace(/=./, "=g"), "rollcall_session=x"]) {
        const answer = await send(route, (name) => idOf(b, name), session);
        expect(answer.status, `${route.method} ${route.path}`).toBe(303);
        expect(answer.headers.get("location")).toMatch(/^\/console\/sign-in/);
        expect(await answer.text()).not.toContain("bravo");
      }
    expect(await digestCompany(b.companyId)).toBe(before);
  });

  it("is not there for another company's admin, and says no more than of a company that does not exist", async () => {
    const before = await digestCompany(b.companyId);
    for (const route of inTurn(ROUTES, 2)) {
      const foreign = await send(route, (name) => idOf(b, name), cookie);
      const absent = await send(route, (name) => (name === "companyId" ? UNKNOWN : idOf(b, name)), cookie);
      expect(foreign.status, `${route.method} ${route.path}`).toBe(404);
      expect(await foreign.text()).toBe(await absent.text());
    }
    expect(await digestCompany(b.companyId)).toBe(before);
  });

  it("shows and changes nothing of another company by its ids under the admin's own", async () => {
    const before = await digestCompany(b.companyId);
    for (const route of inTurn(ROUTES, 0))
      for (const [, foreign = ""] of route.path.matchAll(/:(\w+)/g)) {
        if (foreign === "companyId") continue;
        const about = `${route.method} ${route.path} with B's ${foreign}`;
        const answer = await send(route, (name) => idOf(name === foreign ? b : a, name), cookie);
        const absent = await send(route, (name) => (name === foreign ? UNKNOWN : idOf(a, name)), cookie);
        expect(answer.status, about).toBe(absent.status);
        expect(answer.status, about).toBeLessThan(500);
        const text = await answer.text();
        expect(text, about).not.toMatch(/bravo/);
        expect(text.replaceAll(idOf(b, foreign), "ID"), about).toBe((await absent.text()).replaceAll(UNKNOWN, "ID"));
      }
    expect(await digestCompany(b.companyId)).toBe(before);
  });

  it("refuses a form from another site", async () => {
    for (const route of ROUTES.filter(({ method }) => method === "POST")) {
      const path = route.path.replace(/:(\w+)/g, (_, name: string) => idOf(a, name));
      const headers = {
        Cookie: cookie,
        Origin: "https://evil.example",
        "Content-Type": "application/x-www-form-urlencoded",
      };
      const answer = await request(`/console${path}`, { method: "POST", headers, body: "name=x" });
      expect(answer.status, path).toBe(403);
    }
  });

  it("is gone with the company", async () => {
    const gone = await populate("gone");
    const session = await sessionOf(gone);
    must(await operate("DELETE", `/companies/${gone.companyId}`), 204);
    for (const route of inTurn(ROUTES, 1))
      expect((await send(route, (name) => idOf(gone, name), session)).status, route.path).toBe(404);
  });
});
