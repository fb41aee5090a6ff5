import { describe, expect, it } from "vitest";
import { publishChange } from "../../src/changes/published-change.ts";
import { failureOf } from "../../src/webhooks/delivery-failure.ts";
import { sendWebhook } from "../../src/webhooks/send-webhook.ts";
import { changeAt } from "./memory-endpoint.ts";

describe("the failure that an answer stands for", () => {
  it.each([
    ["redirects", [301, 302, 307, 308]],
    ["denied", [401, 403]],
    ["not_there", [404, 405]],
    ["gone", [410]],
    ["slow_down", [429]],
    ["rejected", [400, 402, 409, 415, 422]],
    ["broken", [500, 502, 503, 504, 599]],
  ] as const)("is %s for %j", (code, statuses) => {
    for (const status of statuses) expect(failureOf(status)).toMatchObject({ code });
  });

  it("is none for any 2xx", () => {
    for (const status of [200, 201, 202, 204, 299]) expect(failureOf(status)).toBeNull();
  });
});

describe("a target that nothing may be sent to", () => {
  const change = publishChange(changeAt(1), "company");
  const ports = { fetch: () => Promise.reject(new Error("nothing is to be sent")), clock: () => 0 };

  it("fails without a request, by its address or its secret, whatever the sentence says", async () => {
    const target = { url: "http://10.0.0.1/", allowsLoopback: false, secrets: ["whsec_c2VjcmV0"] };
    expect(await sendWebhook(target, change, ports)).toMatchObject({ status: null, failure: { code: "bad_address" } });
    const sealed = { ...target, url: "https://hooks.example.com/", secrets: [] };
    expect(await sendWebhook(sealed, change, ports)).toMatchObject({ failure: { code: "unreadable_secret" } });
  });
});
