import { afterEach, describe, expect, it, vi } from "vitest";
import { WebhookCourier } from "../../src/webhooks/courier-durable-object.ts";
import { postForm, signInOperator } from "../console/sign-in-to.ts";
import { call, type Delivery, keyOf, type List, listen, openCompany, until } from "./hooked-worker.ts";

afterEach(() => vi.restoreAllMocks());

/** A webhook that has delivered something, with the paths under which both doors change it. */
async function openHook() {
  const { company, base, hook, arrive } = await openCompany();
  const { webhook, path } = await hook({ types: ["user.created"] });
  const receiver = listen(company.id);
  await arrive("ada@example.com");
  await until(async () => (await call<List<Delivery>>("GET", `${path}/deliveries`)).json.items.length === 1);
  const page = `/console${base}/webhooks/${webhook.id}`;
  return { path, page, key: await keyOf(webhook.id), delivery: receiver.posts[0]?.id ?? "" };
}

describe("what changes a webhook wakes its courier", () => {
  it("through the management API", async () => {
    const { path, key, delivery } = await openHook();
    const woken = vi.spyOn(WebhookCourier.prototype, "wake");
    const calls: [string, string, unknown?][] = [
      ["PATCH", "", { url: "https://hooks.example.com/other" }],
      ["PATCH", "", { types: null }],
      ["POST", "/resume", {}],
      ["POST", "/rotate-secret", { overlapHours: 1 }],
      ["POST", `/deliveries/${delivery}/resend`],
      ["PATCH", "", { enabled: false }],
      ["DELETE", ""],
    ];
    for (const [method, rest, body] of calls) {
      woken.mockClear();
      const { status } = await call(method, path + rest, body);
      expect(status, `${method} ${rest}`).toBeLessThan(300);
      expect(woken.mock.calls, `${method} ${rest} ${JSON.stringify(body)}`).toEqual([[key]]);
    }
  });

  it("through the console", async () => {
    const { page, key, delivery } = await openHook();
    const cookie = await signInOperator();
    const woken = vi.spyOn(WebhookCourier.prototype, "wake");
    const forms: [string, Record<string, string>][] = [
      ["", { url: "https://hooks.example.com/other", which: "all" }],
      ["/secret", { nonce: "a".repeat(64), overlap: "24" }],
      [`/deliveries/${delivery}/resend`, {}],
      ["/resume", { from: "cursor" }],
      ["/pause", {}],
      ["/resume", {}],
      ["/delete", {}],
    ];
    for (const [rest, fields] of forms) {
      woken.mockClear();
      const { status } = await postForm(page + rest, fields, cookie);
      expect(status, rest).toBeLessThan(400);
      expect(woken.mock.calls, rest).toEqual([[key]]);
    }
  });
});
