import { createScheduledController, runDurableObjectAlarm } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Env } from "../../src/platform/env.ts";
import { newId } from "../../src/platform/ids.ts";
import worker from "../../src/worker.ts";
import { openWriter } from "../../src/writer/open-writer.ts";

interface Shown {
  id: string;
  url: string;
  types: string[] | null;
  enabled: boolean;
  status: string;
  cursor: string;
  behind: number;
  secret: string;
  secrets: unknown[];
  failure: { detail: string } | null;
}
interface List<Item> {
  items: Item[];
  nextCursor: string | null;
}
interface Delivery {
  id: string;
  status: string;
  attempts: number;
}
interface Change {
  id: string;
  type: string;
}

/** Calls the Worker as the platform does. */
async function call<Answer>(method: string, path: string, body?: unknown, origin = "https://rollcall.test") {
  const headers = { Authorization: `Bearer ${env.OPERATOR_KEY}`, "Content-Type": "application/json" };
  const request = new Request(`${origin}/api/v1${path}`, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const response = await exports.default.fetch(request);
  const text = await response.text();
  // The expectations of each test judge the shape.
  return { status: response.status, json: (text === "" ? null : JSON.parse(text)) as Answer };
}

/** A receiver in place of the Internet: what it was sent of a company's changes, and what it answers. */
function listen(companyId: string, status = 204) {
  const posts: { url: string; id: string; body: string; headers: Record<string, string> }[] = [];
  const receiver = { posts, status };
  vi.spyOn(globalThis, "fetch").mockImplementation(async (url, init) => {
    const headers = Object.fromEntries(new Headers(init?.headers));
    const id = headers["webhook-id"] ?? "";
    // Couriers of other tests may still be at work.
    if (!id.startsWith(companyId)) return new Response();
    posts.push({ url: String(url), id, body: String(init?.body), headers });
    return new Response(null, { status: receiver.status });
  });
  return receiver;
}

async function openCompany() {
  const company = (await call<{ id: string }>("POST", "/companies", { name: "Northwind" })).json;
  const base = `/companies/${company.id}`;
  const setting = await call<{ id: string }>("POST", `${base}/scim-settings`, {
    name: "Entra",
    provider: "entra",
    groupSettings: { criteria: "field", field: "department" },
  });
  const arrive = async (userName: string) => {
    const result = await openWriter(env as unknown as Env, company.id).write(company.id, {
      operation: { kind: "createUser", settingId: setting.json.id, document: { userName, active: true } },
      cause: { requestId: newId(Date.now()), actor: "scim", settingId: setting.json.id, provider: "entra" },
    });
    expect(result.ok).toBe(true);
  };
  const hook = async (body: Record<string, unknown> = {}) => {
    const made = await call<Shown>("POST", `${base}/webhooks`, { url: "https://hooks.example.com/in", ...body });
    expect(made.status).toBe(201);
    return { webhook: made.json, path: `${base}/webhooks/${made.json.id}` };
  };
  return { company, base, arrive, hook };
}

async function courierOf(webhookId: string) {
  const row = await env.DB.prepare("SELECT webhook_key AS key FROM webhooks WHERE id = ?")
    .bind(webhookId)
    .first<{ key: number }>();
  return env.COURIER.get(env.COURIER.idFromName(String(row?.key)));
}

async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitFor(async () => expect(await check()).toBe(true), { timeout: 5_000, interval: 20 });
}

afterEach(() => vi.restoreAllMocks());

describe("webhooks over the management API", () => {
  it("are made with a secret that no other answer shows, listed, changed and deleted", async () => {
    const { base, hook } = await openCompany();
    const { webhook, path } = await hook({ types: ["enrolment.started", "enrolment.withdrawn"] });
    expect(webhook).toMatchObject({
      url: "https://hooks.example.com/in",
      types: ["enrolment.started", "enrolment.withdrawn"],
      enabled: true,
      status: "active",
      behind: 0,
      failure: null,
      secret: expect.stringMatching(/^whsec_/),
      secrets: [{ expiresAt: null }],
    });
    const { secret: _secret, ...shown } = webhook;
    expect((await call("GET", path)).json).toEqual(shown);
    expect((await call("GET", `${base}/webhooks`)).json).toEqual({ items: [shown], nextCursor: null });
    const changed = await call<Shown>("PATCH", path, { types: null, enabled: false, url: "https://b.example.com" });
    expect(changed.json).toMatchObject({
      types: null,
      enabled: false,
      status: "disabled",
      url: "https://b.example.com/",
    });
    expect((await call("DELETE", path)).status).toBe(204);
    expect((await call("GET", path)).status).toBe(404);
    expect((await call("DELETE", path)).status).toBe(404);
  });

  it("refuse targets that are not public, unknown types and members, and more than ten", async () => {
    const { base, hook } = await openCompany();
    const bad = [
      {},
      { url: "http://hooks.example.com/" },
      { url: "https://127.1/" },
      { url: "http://localhost:9999/" },
      { url: "https://hooks.example.com/", types: [] },
      { url: "https://hooks.example.com/", types: ["user.invented"] },
      { url: "https://hooks.example.com/", secret: "mine" },
    ];
    for (const body of bad)
      expect((await call("POST", `${base}/webhooks`, body)).status, JSON.stringify(body)).toBe(400);
    const { path } = await hook();
    expect((await call("PATCH", path, { url: "https://10.0.0.1/" })).status).toBe(400);
    for (let count = 1; count < 10; count += 1) await hook();
    expect((await call("POST", `${base}/webhooks`, { url: "https://hooks.example.com/" })).status).toBe(409);
  });

  it("may go to loopback over http when the Worker itself is reached there", async () => {
    const { base } = await openCompany();
    const made = await call("POST", `${base}/webhooks`, { url: "http://localhost:9999/" }, "http://localhost:8787");
    expect(made.status).toBe(201);
  });

  it("are another company's own", async () => {
    const [mine, other] = [await openCompany(), await openCompany()];
    const { webhook } = await mine.hook();
    for (const rest of ["", "/deliveries"])
      expect((await call("GET", `${other.base}/webhooks/${webhook.id}${rest}`)).status).toBe(404);
    for (const rest of ["/resume", "/rotate-secret", `/deliveries/${mine.company.id}-1/resend`])
      expect((await call("POST", `${other.base}/webhooks/${webhook.id}${rest}`)).status).toBe(404);
  });

  it("go with their company", async () => {
    const { base, hook } = await openCompany();
    const { webhook } = await hook();
    expect((await call("DELETE", base)).status).toBe(204);
    const left = await env.DB.prepare("SELECT 1 FROM webhooks WHERE id = ?").bind(webhook.id).first();
    expect(left).toBeNull();
  });
});

describe("a webhook's courier", () => {
  it("is poked by the commit, delivers by its alarm, and verifies with the published library", async () => {
    const { company, base, hook, arrive } = await openCompany();
    const { webhook, path } = await hook();
    const receiver = listen(company.id);
    await arrive("ada@example.com");
    const courier = await courierOf(webhook.id);
    await until(async () => (await runDurableObjectAlarm(courier)) || receiver.posts.length > 0);
    await until(async () => (await call<Shown>("GET", path)).json.behind === 0);
    const feed = await call<List<Change>>("GET", `${base}/changes?after=${webhook.cursor}`);
    const verified = receiver.posts.map(({ body, headers }) => new Webhook(webhook.secret).verify(body, headers));
    expect(verified).toEqual(feed.json.items);
    expect(feed.json.items.map(({ type }) => type)).toContain("user.created");
    const deliveries = await call<List<Delivery>>("GET", `${path}/deliveries`);
    expect(deliveries.json.items.map(({ id }) => id)).toEqual(feed.json.items.map(({ id }) => id).reverse());
    expect(deliveries.json.items[0]).toMatchObject({ status: "delivered", attempts: 1, responseStatus: 204 });
  });

  it("delivers commits that come while it is busy, each change once and in order", async () => {
    const { company, hook, arrive } = await openCompany();
    const { webhook, path } = await hook({ types: ["user.created"] });
    const receiver = listen(company.id);
    for (let burst = 0; burst < 5; burst += 1)
      await Promise.all([1, 2, 3, 4].map((n) => arrive(`user-${burst}-${n}@example.com`)));
    await until(() => receiver.posts.length >= 20);
    await until(async () => (await call<Shown>("GET", path)).json.behind === 0);
    const seqs = receiver.posts.map(({ id }) => Number(id.split("-").at(-1)));
    expect(seqs).toEqual([...new Set(seqs)].sort((left, right) => left - right));
    expect(seqs).toHaveLength(20);
    expect(Number(webhook.cursor)).toBeLessThan(seqs[0] ?? 0);
  });

  it("answers the IdP while its receiver hangs", async () => {
    const { hook, arrive } = await openCompany();
    await hook();
    const hanging = Promise.withResolvers<Response>();
    vi.spyOn(globalThis, "fetch").mockReturnValue(hanging.promise);
    await arrive("ada@example.com");
    await until(() => vi.mocked(globalThis.fetch).mock.calls.length === 1);
    const started = Date.now();
    await arrive("grace@example.com");
    expect(Date.now() - started).toBeLessThan(1_000);
    hanging.resolve(new Response());
  });

  it("shows a failing receiver, and resumes at once when told to", async () => {
    const { company, hook, arrive } = await openCompany();
    const { path } = await hook({ types: ["user.created"] });
    const receiver = listen(company.id, 410);
    await arrive("ada@example.com");
    await until(async () => (await call<Shown>("GET", path)).json.status === "failing");
    expect((await call<Shown>("GET", path)).json.failure).toMatchObject({ detail: "Answered 410." });
    await arrive("grace@example.com");
    receiver.status = 200;
    expect((await call<Shown>("POST", `${path}/resume`)).json).toMatchObject({ status: "active", failure: null });
    await until(async () => (await call<Shown>("GET", path)).json.behind === 0);
    expect(receiver.posts).toHaveLength(3);
    expect(receiver.posts[0]?.id).toBe(receiver.posts[1]?.id);
  });

  it("keeps what a disabled webhook missed until it is enabled again", async () => {
    const { company, hook, arrive } = await openCompany();
    const { path } = await hook({ types: ["user.created"] });
    await call("PATCH", path, { enabled: false });
    const receiver = listen(company.id);
    await arrive("ada@example.com");
    await arrive("grace@example.com");
    expect(receiver.posts).toEqual([]);
    await call("PATCH", path, { enabled: true });
    await until(() => receiver.posts.length === 2);
  });

  it("sends a delivery once more when told to, under the same id", async () => {
    const { company, hook, arrive } = await openCompany();
    const { path } = await hook({ types: ["user.created"] });
    const receiver = listen(company.id);
    await arrive("ada@example.com");
    await until(async () => (await call<List<Delivery>>("GET", `${path}/deliveries`)).json.items.length === 1);
    const id = receiver.posts[0]?.id ?? "";
    expect((await call("POST", `${path}/deliveries/${id}/resend`)).status).toBe(202);
    await until(() => receiver.posts.length === 2);
    expect(receiver.posts[1]?.id).toBe(id);
    await until(async () => {
      const [delivery] = (await call<List<Delivery>>("GET", `${path}/deliveries`)).json.items;
      return delivery?.attempts === 2;
    });
    expect((await call("POST", `${path}/deliveries/${id}9/resend`)).status).toBe(404);
    expect((await call("GET", `${path}/deliveries?status=failed`)).json).toMatchObject({ items: [] });
    await call("PATCH", path, { enabled: false });
    expect((await call("POST", `${path}/deliveries/${id}/resend`)).status).toBe(409);
  });

  it("signs with both secrets after a rotation", async () => {
    const { company, hook, arrive } = await openCompany();
    const { webhook, path } = await hook({ types: ["user.created"] });
    const rotated = await call<Shown>("POST", `${path}/rotate-secret`, { overlapHours: 1 });
    expect(rotated.json.secrets).toHaveLength(2);
    const receiver = listen(company.id);
    await arrive("ada@example.com");
    await until(() => receiver.posts.length === 1);
    const [post] = receiver.posts;
    for (const secret of [webhook.secret, rotated.json.secret])
      expect(new Webhook(secret).verify(post?.body ?? "", post?.headers ?? {})).toMatchObject({ type: "user.created" });
  });

  it("is woken by the sweep when the poke was lost", async () => {
    const { company, hook } = await openCompany();
    const { path } = await hook();
    const receiver = listen(company.id);
    await env.DB.batch([
      env.DB.prepare(
        `INSERT INTO changes (company_key, seq, type, time, subject_kind, subject_id, data, cause)
         SELECT company_key, change_seq + 1, 'user.created', ?2, 'user', 'u', '{}', '{}' FROM companies WHERE id = ?1`,
      ).bind(company.id, Date.now()),
      env.DB.prepare("UPDATE companies SET change_seq = change_seq + 1 WHERE id = ?").bind(company.id),
    ]);
    expect((await call<Shown>("GET", path)).json.behind).toBe(1);
    await worker.scheduled(createScheduledController({ scheduledTime: new Date() }), env as unknown as Env);
    await until(() => receiver.posts.length === 1);
  });
});
