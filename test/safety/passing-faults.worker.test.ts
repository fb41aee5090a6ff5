import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createConsoleLink } from "../../src/companies/console-link-store.ts";
import { consoleApp } from "../../src/console/console.tsx";
import { managementApi } from "../../src/management-api/management-api.ts";
import { listRoutes } from "../../src/management-api/unrouted.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { scimApi } from "../../src/scim-api/scim-api.ts";
import { ORIGIN, signInAdmin } from "../console/sign-in-to.ts";
import { IS_WHOLE, inTurn } from "../generated-cases.ts";
import { PASSING } from "../platform/passing-messages.ts";
import { aroundD1 } from "../tools/around-d1.ts";
import { newBench, requestOf, requireOutcome } from "../writer/bench.ts";
import { FaultyD1, noPause } from "../writer/gate.ts";
import { failingOnce, fetchWith, LOCKED } from "./injected-bindings.ts";
import { type PopulatedCompany, populate } from "./populated-company.ts";

/** A D1 that is never there. */
const gone = aroundD1(env.DB, () => Promise.reject(new Error(LOCKED)));

let company: PopulatedCompany;
let companyKey: number;
let cookie: string;

beforeAll(async () => {
  company = await populate("fault");
  const row = env.DB.prepare("SELECT company_key FROM companies WHERE id = ?").bind(company.companyId);
  companyKey = Number(await row.first("company_key"));
  cookie = await signInAdmin(companyKey);
});

beforeEach(() => {
  // Couriers of the webhooks that are made here have nowhere to go.
  vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response());
});

/** The path of a route with the company's ids in it. */
function fill(path: string): string {
  const ids: Record<string, unknown> = {
    ...company,
    ...{ id: company.userId, groupId: company.targetGroupId, deliveryId: company.changeId },
  };
  return path.replace(/\{(\w+)\}|:(\w+)/g, (_, braced?: string, named?: string) => String(ids[braced ?? named ?? ""]));
}

const BODIES: Record<string, unknown> = {
  "POST /companies": { name: "Another" },
  "PATCH /companies/{companyId}": { name: "Renamed" },
  "POST /companies/{companyId}/webhooks": { url: "https://more.example.com/" },
  "PATCH /companies/{companyId}/webhooks/{webhookId}": { enabled: true },
  "PUT /companies/{companyId}/target-groups/{groupId}/auto-enrolments": [],
  "PUT /companies/{companyId}/catalogue": [],
  "POST /companies/{companyId}/scim-settings/{settingId}/preview-deletion": { users: "remove" },
};

interface Asked {
  method: string;
  path: string;
  sent: Parameters<typeof fetchWith>[3];
}

/** A request to every route of every door that changes nothing, or may be made again and again. */
function everyRoute(): Asked[] {
  const api = listRoutes(managementApi().routes)
    .filter(({ method, path }) => method !== "DELETE" || path.endsWith("/members/{userId}"))
    .map(({ method, path }) => {
      const body = method === "GET" ? undefined : (BODIES[`${method} ${path}`] ?? {});
      return { method, path: `/api/v1${fill(path)}`, sent: { token: env.OPERATOR_KEY, body } };
    });
  const scim = listRoutes(scimApi().routes)
    .filter(({ method, path }) => method !== "DELETE" && !path.includes("*"))
    .map(({ method, path }) => {
      const id = path.startsWith("/Groups") ? company.scimGroupId : company.userId;
      const body = method === "GET" ? undefined : { displayName: "Crew", userName: "someone", Operations: [] };
      return { method, path: `/scim/v2${path.replace("{id}", id)}`, sent: { token: company.client.token, body } };
    });
  const pages = listRoutes(consoleApp().routes)
    .filter(({ method, path }) => method === "GET" && !/\{(secret|name)\}|sign-in/.test(path))
    .map(({ method, path }) => ({ method, path: `/console${fill(path)}`, sent: { headers: { Cookie: cookie } } }));
  const lookUp = encodeURIComponent(`userName eq "someone"`);
  const more = ["/Users?count=1&cursor", `/Users?filter=${lookUp}`, `/Groups?filter=${lookUp}`].map((path) => ({
    ...{ method: "GET", path: `/scim/v2${path}`, sent: { token: company.client.token } },
  }));
  return [...api, ...scim, ...pages, ...more];
}

describe("a passing fault of D1 at a door", () => {
  it.each(["before", "after"] as const)(
    "is retried by every route, when it comes %s the work is done",
    async (when) => {
      const routes = everyRoute();
      expect(routes.length).toBeGreaterThan(80);
      const met = await Promise.all(
        inTurn(routes, when === "before" ? 0 : 1, 5).map(async ({ method, path, sent }) => {
          const { d1, faults } = failingOnce(when);
          const answer = await fetchWith({ DB: d1 }, method, path, sent);
          const text = await answer.text();
          expect(answer.status, `${method} ${path}: ${text.slice(0, 200)}`).toBeLessThan(500);
          return faults();
        }),
      );
      expect(met.reduce((sum, faults) => sum + faults, 0)).toBeGreaterThan(IS_WHOLE ? 150 : 30);
    },
  );

  it("that does not pass in time is answered 503 with a time to come back, and told to nobody as a bug", async () => {
    const logged = vi.spyOn(console, "error");
    const asked = inTurn(
      everyRoute().filter(({ method }) => method === "GET"),
      2,
    );
    const answers = await Promise.all(
      asked.map(async ({ method, path, sent }) => {
        const answer = await fetchWith({ DB: gone }, method, path, sent);
        const about = `${method} ${path}`;
        if (answer.status >= 500) return { about, status: answer.status, after: answer.headers.get("Retry-After") };
        await answer.text().catch(() => {});
        return null;
      }),
    );
    const unavailable = answers.filter((answer) => answer !== null);
    expect(unavailable.length).toBeGreaterThan(IS_WHOLE ? 50 : 15);
    for (const { about, status, after } of unavailable) {
      expect(status, about).toBe(503);
      expect(Number(after), about).toBeGreaterThan(0);
    }
    expect(logged).not.toHaveBeenCalled();
  });

  it("does nothing twice: a company and a new secret", async () => {
    const { d1 } = failingOnce("after");
    const name = `Once ${crypto.randomUUID()}`;
    const made = await fetchWith({ DB: d1 }, "POST", "/api/v1/companies", { token: env.OPERATOR_KEY, body: { name } });
    expect(made.status).toBe(201);
    const rows = await env.DB.prepare("SELECT id FROM companies WHERE name = ?").bind(name).all();
    expect(rows.results).toEqual([{ id: (await made.json<{ id: string }>()).id }]);

    const hook = `/api/v1/companies/${company.companyId}/webhooks/${company.webhookId}`;
    const rotate = { token: env.OPERATOR_KEY, body: {} };
    const secrets = async () =>
      Number(
        await env.DB.prepare(
          "SELECT count(*) AS n FROM webhook_secrets s JOIN webhooks w USING (webhook_key) WHERE w.id = ? AND s.expires_at IS NULL",
        )
          .bind(company.webhookId)
          .first("n"),
      );
    expect((await fetchWith({ DB: d1 }, "POST", `${hook}/rotate-secret`, rotate)).status).toBeLessThan(300);
    expect(await secrets()).toBe(1);
  });

  it("does not lock out who opens a sign-in link, and lets nobody else in by it", async () => {
    const now = Date.now();
    const times = { now, expiresAt: now + 60_000 };
    for (const when of ["before", "after"] as const) {
      const secret = await createConsoleLink(
        openRegistry({ ...env, DB: failingOnce(when).d1 }),
        { key: companyKey },
        times,
      );
      const enter = (DB: D1Database) =>
        fetchWith({ DB }, "POST", `/console/enter/${secret}`, { headers: { Origin: ORIGIN } });
      const opened = await Promise.all([enter(failingOnce(when).d1), enter(failingOnce(when).d1), enter(env.DB)]);
      expect(opened.map(({ status }) => status).sort()).toEqual([303, 410, 410]);
    }
  });
});

describe("a passing fault of D1 in a writer", () => {
  it.each(PASSING)("is retried: %s", async (message) => {
    const bench = await newBench({ criteria: "idp" });
    const faulty = new FaultyD1(env.DB);
    for (const [name, when] of ["failBefore", "failAfter"].entries()) {
      const met = new Set<string>();
      const failOnce = (text: string) => {
        const kind = text.includes("UPDATE companies")
          ? "commit"
          : text.includes("FROM field_mappings")
            ? "config"
            : "load";
        if (met.has(kind)) return null;
        met.add(kind);
        return message;
      };
      faulty.failBefore = when === "failBefore" ? failOnce : null;
      faulty.failAfter = when === "failAfter" ? failOnce : null;
      const writer = bench.another({ d1: faulty.d1, pause: noPause });
      const document = { userName: `user${name}` };
      requireOutcome(await writer.write(requestOf({ kind: "createUser", settingId: bench.settingId, document })));
      expect([...met].sort()).toEqual(["commit", "config", "load"]);
    }
  });
});
