import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { Operation, WriteRequest } from "../../src/writer/operation.ts";
import { EVERY_REQUEST } from "../log/every-request.ts";
import { newClient } from "../scim-api/scim-client.ts";
import { Client, logRowOf, newBench, newWriter, requestOf, requireOutcome } from "../writer/bench.ts";
import { fetchWith } from "./injected-bindings.ts";
import { populate } from "./populated-company.ts";

/** A D1 that does one commit, waits for what happens meanwhile, and then loses the answer. */
function losingOnce(meanwhile: () => Promise<unknown>): D1Database {
  let isLost = false;
  const batch = async (statements: D1PreparedStatement[]) => {
    const results = await env.DB.batch(statements);
    if (isLost || results.some(({ meta }) => meta.changes > 0) === false) return results;
    isLost = true;
    await meanwhile();
    throw new Error("D1_ERROR: Network connection lost.");
  };
  // What the writer calls.
  return { prepare: (sql: string) => env.DB.prepare(sql), batch } as unknown as D1Database;
}

describe("a commit whose answer was lost", () => {
  it("is known as done even when another writer has committed since", async () => {
    const bench = await newBench({ criteria: "idp" });
    const other = new Client(bench.writer, bench.settingId);
    const lossy = bench.another({ d1: losingOnce(() => other.postUser("other")) });
    const { request } = createOf(bench.settingId, "once");
    expect(await lossy.write(request)).toMatchObject({ ok: true, outcome: { kind: "user" } });
    const rows = await env.DB.prepare("SELECT count(*) AS n FROM users WHERE user_name = 'once'").first("n");
    expect(rows).toBe(1);
  });

  it("is known as done where there is no log row", async () => {
    const bench = await newBench({ criteria: "idp" });
    const other = new Client(bench.writer, bench.settingId);
    const lossy = bench.another({ d1: losingOnce(() => other.postUser("other2")) });
    requireOutcome(await lossy.write(requestOf({ kind: "createTargetGroup", name: "Once" })));
  });
});

describe("a commit that writes neither log row nor change", () => {
  const field = { key: "site", label: "Site", type: "text" as const };
  const webhook = (id: string) => ({
    ...{ id, url: "https://hooks.example/in", allowsLoopback: false, types: null },
    secret: { id: "first", sealed: "sealed" },
  });
  const before: Operation[] = [
    { kind: "createField", field: { ...field, key: "old" } },
    { kind: "createWebhook", webhook: webhook("old") },
  ];
  const operations: Operation[] = [
    { kind: "createField", field },
    { kind: "deleteField", key: "old" },
    { kind: "createWebhook", webhook: webhook("new") },
    { kind: "updateWebhook", webhookId: "old", change: { isEnabled: false } },
    { kind: "deleteWebhook", webhookId: "old" },
    { kind: "changeCompany", name: "First" },
  ];

  it.each(operations)(
    "is known as done when its answer was lost and another writer has committed since: $kind",
    async (operation) => {
      const bench = await newBench({ criteria: "idp" });
      for (const earlier of before) requireOutcome(await bench.writer.write(requestOf(earlier)));
      // A rename that ran again would undo the one after it.
      const twin = () => bench.writer.write(requestOf({ kind: "changeCompany", name: "Second" }));
      const lossy = bench.another({ d1: losingOnce(twin) });
      requireOutcome(await lossy.write(requestOf(operation)));
      const company = env.DB.prepare("SELECT * FROM companies WHERE id = ?").bind(bench.companyId);
      expect(await company.first("name")).toBe("Second");
      expect(await company.first("commit_no")).toBe(5);
    },
  );
});

function createOf(settingId: string, userName: string) {
  const request = requestOf({ kind: "createUser", settingId, document: { userName } }, { settingId });
  return { request: { ...request, log: logRowOf(request, settingId, { label: userName }) } };
}

/** The doors' writer in this isolate; it may die after a commit, and shows what reaches it. */
function dyingWriter(companyId: string, diesAfter: (request: WriteRequest) => boolean) {
  const reached: WriteRequest[] = [];
  let writer = newWriter(companyId);
  const write = async (_: string, request: WriteRequest) => {
    reached.push(request);
    const result = await writer.write(request);
    if (!diesAfter(request)) return result;
    writer = newWriter(companyId);
    throw Object.assign(new Error("Durable Object reset because its code was updated."), { durableObjectReset: true });
  };
  // As much of a namespace of Durable Objects as openWriter uses.
  const WRITER = { idFromName: (name: string) => name, get: () => ({ write }) } as unknown as DurableObjectNamespace;
  return { WRITER, reached };
}

describe("a writer that dies after its commit, behind the doors", () => {
  const logOf = async (id: string | null) =>
    (await env.DB.prepare(`SELECT method, status FROM ${EVERY_REQUEST} WHERE id = ?`).bind(id).all()).results;

  it("leaves a token revoked whose revocation is acknowledged", async () => {
    const client = await newClient();
    const { WRITER, reached } = dyingWriter(client.companyId, ({ operation }) => operation.kind === "createUser");
    const created = await fetchWith({ WRITER }, "POST", "/scim/v2/Users", {
      token: client.token,
      body: { userName: "lost" },
    });
    expect(created.status).toBe(503);
    // The door, which had no answer, hands the row over that the commit wrote.
    await vi.waitFor(() => expect(reached.map(({ operation }) => operation.kind)).toEqual(["createUser", "log"]));
    const token = `/api/v1/companies/${client.companyId}/scim-settings/${client.settingId}/tokens/${client.tokenId}`;
    expect((await fetchWith({ WRITER }, "DELETE", token, { token: env.OPERATOR_KEY })).status).toBe(204);
    expect((await client.send("GET", "/Users")).status).toBe(401);
    expect(await logOf(created.headers.get("x-request-id"))).toEqual([{ method: "POST", status: 201 }]);
  });

  it("is handed the rows of reads again, of which each is kept once", async () => {
    const told = vi.spyOn(console, "error");
    const client = await newClient();
    let deaths = 1;
    const { WRITER, reached } = dyingWriter(
      client.companyId,
      ({ operation }) => operation.kind === "log" && deaths-- > 0,
    );
    const read = await fetchWith({ WRITER }, "GET", "/scim/v2/Users", { token: client.token });
    await vi.waitFor(() => expect(reached).toHaveLength(2), { timeout: 10_000 });
    expect(reached[1]).toEqual(reached[0]);
    expect(await logOf(read.headers.get("x-request-id"))).toEqual([{ method: "GET", status: 200 }]);
    expect(told).not.toHaveBeenCalled();
  });
});

describe("D1 failing under a read", () => {
  it("is answered 503 with Retry-After at every door, and leaves no one's data in the Worker's log", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const client = await newClient();
    const { companyId } = await populate("read");
    const fail = () => Promise.reject(new Error("D1_ERROR: D1 DB is overloaded. Requests queued for too long."));
    const statement: Record<string, unknown> = { first: fail, all: fail, run: fail, raw: fail };
    statement.bind = () => statement;
    // What the doors call.
    const DB = { prepare: () => statement, batch: fail } as unknown as D1Database;
    const asked = [
      await fetchWith({ DB }, "GET", "/scim/v2/Users", { token: client.token }),
      await fetchWith({ DB }, "GET", "/api/v1/companies", { token: env.OPERATOR_KEY }),
      await fetchWith({ DB }, "GET", `/api/v1/companies/${companyId}`, { token: env.OPERATOR_KEY }),
    ];
    for (const answer of asked) {
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await answer.text()).not.toContain("D1_ERROR");
    }
    expect(JSON.stringify(logged.mock.calls)).not.toContain(companyId);
    logged.mockRestore();
  });
});
