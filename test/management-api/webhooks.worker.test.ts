import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { call, openCompany, type Shown } from "../webhooks/hooked-worker.ts";

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

  it("refuse targets that are not public, unknown types and members, and more than twenty", async () => {
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
    for (let count = 1; count < 20; count += 1) await hook();
    expect((await call("POST", `${base}/webhooks`, { url: "https://hooks.example.com/" })).status).toBe(403);
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
