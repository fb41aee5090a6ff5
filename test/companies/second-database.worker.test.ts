import { createExecutionContext, createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { app } from "../../src/app.ts";
import { createCompany, findCompany, listCompanies } from "../../src/companies/company-store.ts";
import { copyToRegistry } from "../../src/companies/copy-to-registry.ts";
import { openDatabase } from "../../src/platform/database.ts";
import { tokenKey } from "../../src/platform/kv-keys.ts";
import worker from "../../src/worker.ts";
import { cookieOf, getPage, postForm, request, signInOperator } from "../console/sign-in-to.ts";
import { failingOnce, LOCKED } from "../safety/injected-bindings.ts";
import { aroundD1 } from "../tools/around-d1.ts";
import { call, type List, listen, type Shown, until } from "../webhooks/hooked-worker.ts";

const ELSEWHERE = { ...env, NEW_COMPANIES_DB: "DB2" };

interface Thing {
  id: string;
  name: string;
}

/** A company in the second database with a setting, made through the doors. */
async function open(name: string) {
  const { id, key } = await createCompany(ELSEWHERE, name, Date.now());
  const base = `/companies/${id}`;
  const made = await call<Thing & { token: { id: string; secret: string } }>("POST", `${base}/scim-settings`, {
    name: "Entra",
    provider: "entra",
    groupSettings: { criteria: "field", field: "department" },
  });
  expect(made.status).toBe(201);
  const { token } = made.json;
  const scim = (method: string, path: string, body?: unknown) =>
    request(`/scim/v2${path}`, {
      method,
      headers: { Authorization: `Bearer ${token.secret}`, "Content-Type": "application/scim+json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  const arrive = (userName: string) =>
    scim("POST", "/Users", { schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], userName, active: true });
  return { id, key, base, token, scim, arrive };
}

const OF_SETTINGS = new Set(["tokens", "request_log"]);

/** How many rows of a company a database holds, by table. */
async function rowsIn(database: D1Database, companyKey: number): Promise<Record<string, number>> {
  const tables = ["scim_settings", "users", "changes", "request_log", "tokens"];
  const counts = await database.batch<{ n: number }>(
    tables.map((table) =>
      OF_SETTINGS.has(table)
        ? database
            .prepare(`SELECT count(*) AS n FROM ${table} JOIN scim_settings USING (setting_key) WHERE company_key = ?`)
            .bind(companyKey)
        : database.prepare(`SELECT count(*) AS n FROM ${table} WHERE company_key = ?`).bind(companyKey),
    ),
  );
  return Object.fromEntries(tables.map((table, index) => [table, counts[index]?.results[0]?.n ?? 0]));
}

afterEach(() => vi.restoreAllMocks());

describe("a company in a second database", () => {
  it("is made, found, listed, renamed and deleted like any other, and the registry has a copy of what it is called", async () => {
    const making = new Request("https://rollcall.test/api/v1/companies", {
      method: "POST",
      headers: { Authorization: `Bearer ${env.OPERATOR_KEY}`, "Content-Type": "application/json" },
      body: JSON.stringify({ name: "Far away" }),
    });
    const response = await app.fetch(making, ELSEWHERE, createExecutionContext());
    const { id } = (await response.json()) as Thing; // the test's expectations judge it
    expect((await call<Thing>("PATCH", `/companies/${id}`, { name: "Farther" })).json.name).toBe("Farther");
    expect((await call<Thing>("GET", `/companies/${id}`)).json.name).toBe("Farther");
    const names = (await call<List<Thing>>("GET", "/companies?limit=200")).json.items.map(({ name }) => name);
    expect(names).toContain("Farther");
    const copy = () => env.DB.prepare("SELECT name, external_id, shard FROM companies WHERE id = ?").bind(id).first();
    expect(await copy()).toEqual({ name: "Farther", external_id: null, shard: "DB2" });
    await call("PATCH", `/companies/${id}`, { externalId: "far-1" });
    expect((await call<List<Thing>>("GET", "/companies?externalId=far-1")).json.items).toMatchObject([{ id }]);
    // What a door that died did not bring along, the cron does.
    await env.DB2.prepare("UPDATE companies SET name = 'Farthest', is_to_copy = 1 WHERE id = ?").bind(id).run();
    expect((await call<List<Thing>>("GET", "/companies?name=Farthest")).json.items).toEqual([]);
    await copyToRegistry(env, openDatabase(env, { shard: "DB2" }));
    expect((await call<List<Thing>>("GET", "/companies?name=Farthest")).json.items).toMatchObject([{ id }]);
    expect(await copyToRegistry(env, openDatabase(env, { shard: "DB2" }))).toBe(0);
    expect((await call("DELETE", `/companies/${id}`)).status).toBe(204);
    expect((await call("GET", `/companies/${id}`)).status).toBe(404);
    expect(await copy()).toMatchObject({ name: "", external_id: null });
    expect((await listCompanies(env, { take: 200, after: null })).map((company) => company.id)).not.toContain(id);
  });

  it("has every row there: SCIM, feed, log, console", async () => {
    const { id, key, base, scim, arrive } = await open("All there");
    expect((await arrive("ada@example.com")).status).toBe(201);
    const found = await scim("GET", "/Users?filter=userName%20eq%20%22ada@example.com%22");
    expect(await found.json()).toMatchObject({ totalResults: 1 });
    const feed = await call<List<{ type: string }>>("GET", `${base}/changes`);
    expect(feed.json.items.map(({ type }) => type)).toContain("user.created");
    expect(await rowsIn(env.DB2, key)).toMatchObject({ scim_settings: 1, users: 1, tokens: 1 });
    expect(Object.values(await rowsIn(env.DB, key))).toEqual([0, 0, 0, 0, 0]);
    const link = (await call<{ url: string }>("POST", `${base}/console-links`)).json.url;
    const cookie = cookieOf(await postForm(new URL(link).pathname, {}));
    const page = await getPage(`/console/companies/${id}/people`, cookie);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("ada<wbr")]);
    expect(await (await getPage("/console", await signInOperator())).text()).toContain("All there");
  });

  it("has tokens that KV may lose, and its people no other company's token sees", async () => {
    const far = await open("Far");
    const near = await createCompany(env, "Near", Date.now());
    expect(near.key).not.toBe(far.key);
    const made = await far.arrive("ada@example.com");
    const { id } = (await made.json()) as Thing;
    await env.TOKENS.delete(tokenKey(far.token.id));
    expect((await far.scim("GET", `/Users/${id}`)).status).toBe(200);
    const other = await open("Far too");
    expect((await other.scim("GET", `/Users/${id}`)).status).toBe(404);
  });

  it("is purged by the schedule, and its webhooks are delivered and swept", async () => {
    const { id, key, base, arrive } = await open("Hooked");
    const hook = await call<Shown>("POST", `${base}/webhooks`, {
      url: "https://hooks.example.com/",
      types: ["user.created"],
    });
    expect(hook.status).toBe(201);
    const receiver = listen(id);
    await arrive("ada@example.com");
    await until(() => receiver.posts.length === 1);
    await env.DB2.batch([
      env.DB2.prepare(
        `INSERT INTO changes (company_key, seq, type, time, subject_kind, subject_id, data, cause)
         SELECT company_key, change_seq + 1, 'user.created', ?2, 'user', 'u', '{}', '{}' FROM companies WHERE company_key = ?1`,
      ).bind(key, Date.now()),
      env.DB2.prepare("UPDATE companies SET change_seq = change_seq + 1 WHERE company_key = ?").bind(key),
      env.DB2.prepare(
        `UPDATE request_log SET time = 1, id = '00000000-0000' || substr(id, 14)
         WHERE setting_key IN (SELECT setting_key FROM scim_settings WHERE company_key = ?)`,
      ).bind(key),
    ]);
    const hour = new Date();
    hour.setUTCMinutes(0, 0, 0);
    await worker.scheduled(createScheduledController({ scheduledTime: new Date(hour.getTime() + 3_600_000) }), env);
    await until(() => receiver.posts.length === 2);
    expect((await rowsIn(env.DB2, key)).request_log).toBe(0);
  });
});

describe("the list of companies", () => {
  it("goes on past deleted companies of another database", async () => {
    const first = await createCompany(env, "First", Date.now());
    for (let n = 0; n < 5; n += 1) {
      const { id } = await createCompany(ELSEWHERE, `Gone ${n}`, Date.now());
      await env.DB2.prepare("UPDATE companies SET deleted_at = 1, name = '' WHERE id = ?").bind(id).run();
    }
    const last = await createCompany(ELSEWHERE, "Last", Date.now());
    const listed = await listCompanies(env, { take: 2, after: first.key - 1 });
    expect(listed.map(({ name }) => name)).toEqual(["First", "Last"]);
    expect(await findCompany(env, last.id)).toEqual(last);
  });

  it.each(["before", "after"] as const)("has one once whose rows met a fault %s they were made", async (when) => {
    const name = `Faulty ${when}`;
    const faulty = { DB: failingOnce(when).d1, DB2: failingOnce(when, LOCKED, env.DB2).d1 };
    const made = await createCompany({ ...ELSEWHERE, ...faulty }, name, Date.now());
    const listed = (await listCompanies(env, { take: 200, after: null })).filter((company) => company.name === name);
    expect(listed).toEqual([made]);
  });

  it("leaves out a company whose second row was never made", async () => {
    const refuse = () => Promise.reject(new Error("the second row is refused"));
    const broken = { ...ELSEWHERE, DB2: aroundD1(env.DB2, refuse) };
    await expect(createCompany(broken, "Half", Date.now())).rejects.toThrow();
    const names = (await listCompanies(env, { take: 200, after: null })).map(({ name }) => name);
    expect(names).not.toContain("Half");
    expect(names).not.toContain("");
  });

  it("is not made where no database is bound", async () => {
    const before = await env.DB.prepare("SELECT count(*) AS n FROM companies").first("n");
    await expect(createCompany({ ...env, NEW_COMPANIES_DB: "DB9" }, "Nowhere", 1)).rejects.toThrow("bound as DB9");
    expect(await env.DB.prepare("SELECT count(*) AS n FROM companies").first("n")).toBe(before);
  });
});
