import { env, exports } from "cloudflare:workers";
import { expect, vi } from "vitest";
import type { Env } from "../../src/platform/env.ts";
import { newId } from "../../src/platform/uuid.ts";
import { openWriter } from "../../src/writer/open-writer.ts";

/** A webhook as the API shows it. */
export interface Shown {
  id: string;
  url: string;
  types: string[] | null;
  enabled: boolean;
  status: string;
  cursor: string;
  behind: number;
  secret: string;
  secrets: unknown[];
  failure: { code: string; detail: string } | null;
}
/** A page of a list. */
export interface List<Item> {
  items: Item[];
  nextCursor: string | null;
}
/** A delivery as the API lists it. */
export interface Delivery {
  id: string;
  status: string;
  attempts: number;
}
/** A change as the feed shows it. */
export interface Change {
  id: string;
  type: string;
}

/** Calls the Worker as the platform does. */
export async function call<Answer>(method: string, path: string, body?: unknown, origin = "https://rollcall.test") {
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
export function listen(companyId: string, status = 204) {
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

/** A company with a SCIM setting: `arrive` makes a user through it, `hook` a webhook. */
export async function openCompany() {
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

/** The key of a webhook, which also names its courier. */
export async function keyOf(webhookId: string): Promise<number> {
  const row = await env.DB.prepare("SELECT webhook_key AS key FROM webhooks WHERE id = ?")
    .bind(webhookId)
    .first<{ key: number }>();
  return row?.key ?? 0;
}

/** Waits until a check holds: a minute at most, which a busy machine may take. */
export async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitFor(async () => expect(await check()).toBe(true), { timeout: 60_000, interval: 20 });
}
