import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { wakeCourier } from "../../src/webhooks/call-courier.ts";
import { openWriter } from "../../src/writer/open-writer.ts";
import { call, keyOf, listen, openCompany, type Shown, until } from "../webhooks/hooked-worker.ts";

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

  it("tell last of all that their company was deleted, and go then", async () => {
    const { company, base, arrive, hook } = await openCompany();
    const receiver = listen(company.id, 503);
    const [told, stopped] = [(await hook()).webhook, (await hook()).webhook];
    await call("PATCH", `${base}/webhooks/${stopped.id}`, { enabled: false });
    await arrive("ada@example.com");
    await until(() => receiver.posts.length > 0);
    expect((await call("DELETE", base)).status).toBe(204);
    const has = (table: string, more = "") =>
      env.DB.prepare(
        `SELECT count(*) AS n FROM ${table} WHERE company_key = (SELECT company_key FROM companies WHERE id = ?)${more}`,
      )
        .bind(company.id)
        .first<number>("n");
    // Nothing of the people is kept for a receiver that is down.
    expect([await has("webhooks"), await has("changes")]).toEqual([1, 1]);
    expect(await has("users")).toBe(0);
    receiver.status = 204;
    await wakeCourier(env, await keyOf(told.id));
    await until(() => JSON.parse(receiver.posts.at(-1)?.body ?? "{}").type === "company.deleted");
    expect(JSON.parse(receiver.posts.at(-1)?.body ?? "")).toMatchObject({
      subject: { kind: "company", id: company.id },
      data: { name: "Northwind" },
    });
    await until(
      async () =>
        (await has(
          "webhooks",
          " AND cursor_seq < (SELECT change_seq FROM companies c WHERE c.company_key = webhooks.company_key)",
        )) === 0,
    );
    await env.DB.prepare("UPDATE replans SET refused_at = 1 WHERE kind = 'eraseCompany'").run();
    await openWriter(env, company.id).resume(company.id);
    for (const table of ["webhooks", "changes", "replans"]) await until(async () => (await has(table)) === 0);
  });
});
