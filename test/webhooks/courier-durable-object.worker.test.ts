import {
  abortAllDurableObjects,
  createScheduledController,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Env } from "../../src/platform/env.ts";
import { newId } from "../../src/platform/uuid.ts";
import { wakeCourier } from "../../src/webhooks/call-courier.ts";
import worker from "../../src/worker.ts";
import { openWriter } from "../../src/writer/open-writer.ts";
import {
  type Change,
  call,
  type Delivery,
  keyOf,
  type List,
  listen,
  openCompany,
  type Shown,
  until,
} from "./hooked-worker.ts";

afterEach(() => vi.restoreAllMocks());

describe("a webhook's courier", () => {
  it("that hangs at its receiver holds up no other of the company", async () => {
    const { company, hook, arrive } = await openCompany();
    const [dead, alive] = [
      await hook({ url: "https://dead.example.com/", types: ["user.created"] }),
      await hook({ url: "https://alive.example.com/", types: ["user.created"] }),
    ];
    const received: Record<string, string[]> = { dead: [], alive: [] };
    vi.spyOn(globalThis, "fetch").mockImplementation((url, init) => {
      const id = new Headers(init?.headers).get("webhook-id") ?? "";
      if (!id.startsWith(company.id)) return Promise.resolve(new Response());
      const name = new URL(String(url)).hostname.replace(".example.com", "");
      received[name]?.push(id);
      return name === "dead" ? new Promise(() => undefined) : Promise.resolve(new Response());
    });
    for (let n = 0; n < 40; n += 1) await arrive(`user${n}@example.com`);
    await until(async () => (await call<Shown>("GET", alive.path)).json.behind === 0);
    expect(received.alive).toHaveLength(40);
    // Of a busy machine's long minutes it may have tried again.
    expect([...new Set(received.dead)]).toEqual(received.alive?.slice(0, 1));
    expect((await call<Shown>("GET", dead.path)).json.behind).toBeGreaterThanOrEqual(40);
  });

  it("is notified by the commit, delivers by its alarm, and verifies with the published library", async () => {
    const { company, base, hook, arrive } = await openCompany();
    const { webhook, path } = await hook();
    const receiver = listen(company.id);
    await arrive("ada@example.com");
    const courier = env.COURIER.get(env.COURIER.idFromName(String(await keyOf(webhook.id))));
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
    const { company, base, hook, arrive } = await openCompany();
    const { webhook, path } = await hook({ types: ["user.created"] });
    const receiver = listen(company.id);
    for (let burst = 0; burst < 5; burst += 1)
      await Promise.all([1, 2, 3, 4].map((n) => arrive(`user-${burst}-${n}@example.com`)));
    await until(() => receiver.posts.length >= 20);
    await until(async () => (await call<Shown>("GET", path)).json.behind === 0);
    const seqs = receiver.posts.map(({ id }) => Number(id.split("-").at(-2)));
    expect(seqs).toEqual([...new Set(seqs)].sort((left, right) => left - right));
    expect(seqs).toHaveLength(20);
    const feed = await call<List<Change>>("GET", `${base}/changes?after=${webhook.cursor}&types=user.created`);
    expect(feed.json.items.map(({ id }) => id)).toEqual(receiver.posts.map(({ id }) => id));
  });

  it("answers the IdP while its receiver hangs", async () => {
    const { hook, arrive } = await openCompany();
    await hook();
    const hanging = Promise.withResolvers<Response>();
    vi.spyOn(globalThis, "fetch").mockReturnValue(hanging.promise);
    await arrive("ada@example.com");
    await until(() => vi.mocked(globalThis.fetch).mock.calls.length === 1);
    // Were the commit to wait for the receiver, it would wait for the line after.
    await arrive("grace@example.com");
    hanging.resolve(new Response());
  });

  it("shows a failing receiver, and resumes at once when told to", async () => {
    const { company, hook, arrive } = await openCompany();
    const { path } = await hook({ types: ["user.created"] });
    const receiver = listen(company.id, 410);
    await arrive("ada@example.com");
    await until(async () => (await call<Shown>("GET", path)).json.status === "failing");
    expect((await call<Shown>("GET", path)).json.failure).toMatchObject({ code: "gone", detail: "Answered 410." });
    await arrive("grace@example.com");
    receiver.status = 200;
    expect((await call<Shown>("POST", `${path}/resume`)).json).toMatchObject({ status: "active", failure: null });
    await until(async () => (await call<Shown>("GET", path)).json.behind === 0);
    expect(receiver.posts).toHaveLength(3);
    expect(receiver.posts[0]?.id).toBe(receiver.posts[1]?.id);
  });
});

describe("a webhook's courier and what operators ask of it", () => {
  it("tells at once that the company is over, though it waited to try again", async () => {
    const { company, base, hook, arrive } = await openCompany();
    const { webhook } = await hook();
    const receiver = listen(company.id);
    await env.DB.prepare("UPDATE webhooks SET failed_attempts = 5, next_attempt_at = ? WHERE id = ?")
      .bind(Date.now() + 3_600_000, webhook.id)
      .run();
    await arrive("ada@example.com");
    const courier = env.COURIER.get(env.COURIER.idFromName(String(await keyOf(webhook.id))));
    // The next alarm is the one in an hour.
    await until(
      async () =>
        ((await runInDurableObject(courier, (_, { storage }) => storage.getAlarm())) ?? 0) > Date.now() + 60_000,
    );
    expect(receiver.posts).toEqual([]);
    await call("DELETE", base);
    await until(() => receiver.posts.length === 1);
    expect(receiver.posts[0]?.body).toContain("company.deleted");
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
});

describe("a webhook's courier when something goes wrong", () => {
  it("that dies between send and cursor write sends again under the same id, and leaves nothing out", async () => {
    const { company, hook, arrive } = await openCompany();
    const { webhook, path } = await hook({ types: ["user.created"] });
    const dying: string[] = [];
    vi.spyOn(globalThis, "fetch").mockImplementation((_url, init) => {
      dying.push(new Headers(init?.headers).get("webhook-id") ?? "");
      return new Promise(() => undefined);
    });
    for (const name of ["ada", "grace"]) await arrive(`${name}@example.com`);
    await until(() => dying.some((id) => id.startsWith(company.id)));
    await abortAllDurableObjects();
    vi.restoreAllMocks();
    const receiver = listen(company.id);
    const key = await keyOf(webhook.id);
    await wakeCourier(env as unknown as Env, key);
    await until(async () => (await call<Shown>("GET", path)).json.behind === 0);
    expect(new Set(receiver.posts.map(({ id }) => id)).size).toBe(2);
    expect(dying).toContain(receiver.posts[0]?.id);
  });

  /** Makes a change of which no courier hears, as one does whose writer dies after the commit. */
  async function changeInSecret(companyId: string) {
    await env.DB.batch([
      env.DB.prepare(
        `INSERT INTO changes (company_key, seq, type, time, subject_kind, subject_id, data, cause)
         SELECT company_key, change_seq + 1, 'user.created', ?2, 'user', 'u', '{}', '{}' FROM companies WHERE id = ?1`,
      ).bind(companyId, Date.now()),
      env.DB.prepare("UPDATE companies SET change_seq = change_seq + 1 WHERE id = ?").bind(companyId),
    ]);
  }

  it("hears of changes whose notification was lost from the next writer, whatever that has to do", async () => {
    const { company, hook } = await openCompany();
    const { path } = await hook();
    const receiver = listen(company.id);
    await changeInSecret(company.id);
    await abortAllDurableObjects();
    expect((await call<Shown>("GET", path)).json.behind).toBe(1);
    const operation = { kind: "deleteWebhook", webhookId: newId(Date.now()) } as const;
    const cause = { requestId: newId(Date.now()), actor: "operator", settingId: null, provider: null } as const;
    const writer = openWriter(env as unknown as Env, company.id);
    expect(await writer.write(company.id, { operation, cause })).toMatchObject({ ok: false, status: 404 });
    await until(() => receiver.posts.length === 1);
  });

  it("is woken by the sweep when the notification was lost", async () => {
    const { company, hook } = await openCompany();
    const { path } = await hook();
    const receiver = listen(company.id);
    await changeInSecret(company.id);
    expect((await call<Shown>("GET", path)).json.behind).toBe(1);
    await worker.scheduled(createScheduledController({ scheduledTime: new Date() }), env as unknown as Env);
    await until(() => receiver.posts.length === 1);
  });
});
