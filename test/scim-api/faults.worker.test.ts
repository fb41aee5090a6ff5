import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Env } from "../../src/platform/env.ts";
import { refusal } from "../../src/scim/scim-error.ts";
import { scimApi } from "../../src/scim-api/scim-api.ts";
import type { WriteRequest, WriteResult } from "../../src/writer/operation.ts";
import { newClient, type ScimClient } from "./scim-client.ts";

type FakeWrite = (request: WriteRequest) => WriteResult | Promise<WriteResult>;

/** Sends a request to the door alone, with bindings of the test's own. */
async function send(client: ScimClient, bindings: Partial<Env>, method: string, path: string, body?: unknown) {
  const context = createExecutionContext();
  const init = {
    method,
    headers: { authorization: `Bearer ${client.token}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  };
  const request = new Request(`https://rollcall.test/scim/v2${path}`, init);
  const response = await scimApi().fetch(request, { ...env, ...bindings }, context);
  await waitOnExecutionContext(context);
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text === "" ? null : JSON.parse(text) };
}

/** A database that calls `onBatch` before every trip. */
function database(onBatch: (statements: D1PreparedStatement[]) => void): D1Database {
  const prepare = env.DB.prepare.bind(env.DB);
  const batch = (statements: D1PreparedStatement[]) => {
    onBatch(statements);
    return env.DB.batch(statements);
  };
  // Prepare and batch are all that the reads use.
  return { prepare, batch } as unknown as D1Database;
}

function writer(write: FakeWrite): DurableObjectNamespace {
  const stub = { write: async (_companyId: string, request: WriteRequest) => write(request) };
  // A stand-in with the two methods that openWriter calls.
  return { idFromName: (name: string) => name, get: () => stub } as unknown as DurableObjectNamespace;
}

const accept = writer(() => ({ ok: true, outcome: { kind: "done" } }));

function thrower(message: string, marks: object = {}): () => never {
  return () => {
    throw Object.assign(new Error(message), marks);
  };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("D1 round trips", () => {
  it("are one for every read, and none before the writer for a write", async () => {
    const client = await newClient();
    const ann = (await client.send("POST", "/Users", { userName: "ann" })).json;
    const group = (await client.send("POST", "/Groups", { displayName: "G", members: [{ value: ann.id }] })).json;
    let trips = 0;
    const bindings = { WRITER: accept, DB: database(() => (trips += 1)) };
    for (const path of [
      "/Users",
      `/Users/${ann.id}`,
      `/Groups/${group.id}`,
      '/Users?filter=userName+eq+"ann"',
      '/Groups?filter=displayName+eq+"G"',
      "/Groups?cursor",
      "/Schemas",
      "/",
    ]) {
      trips = 0;
      expect((await send(client, bindings, "GET", path)).status, path).toBe(200);
      expect(trips, path).toBe(1);
    }
    // What no index answers waits for the company's share, which no dead token may take.
    trips = 0;
    expect((await send(client, bindings, "GET", '/Users?filter=title+co+"x"&sortBy=title')).status).toBe(200);
    expect(trips).toBe(2);
    trips = 0;
    await send(client, bindings, "DELETE", `/Users/${ann.id}`);
    expect(trips).toBe(0);
  });
});

describe("when things break", () => {
  it("answers 500 without the error's message, and logs one line with the request's id and no body", async () => {
    const client = await newClient();
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const answer = await send(client, { WRITER: writer(thrower("secret of the server")) }, "POST", "/Users", {
      userName: "private@x.example",
    });
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.json)).not.toContain("secret");
    const line = JSON.parse(String(logged.mock.calls[0]?.[0]));
    expect(line).toMatchObject({
      requestId: answer.headers.get("x-request-id"),
      error: { message: "secret of the server" },
    });
    expect(JSON.stringify(logged.mock.calls)).not.toContain("private@x.example");
  });

  it.each(["queue_full", "busy", "no_such_company"] as const)(
    "says which rows of the log a busy writer refused, and nothing of a company that is gone: %s",
    async (code) => {
      const client = await newClient();
      const logged = vi.spyOn(console, "error").mockImplementation(() => {});
      const refuse = writer(() => ({ ok: false, ...refusal(code, "refused") }));
      const answer = await send(client, { WRITER: refuse }, "GET", "/Users");
      const lines = logged.mock.calls.map(([line]) => JSON.parse(String(line)));
      const requestId = answer.headers.get("x-request-id");
      expect(lines).toEqual(
        code === "no_such_company"
          ? []
          : [{ level: "error", room: "scim-api", lostLogEntry: requestId, lostLogEntries: 1 }],
      );
    },
  );

  it("answers 503 with the command to run when the tables are not there", async () => {
    const client = await newClient();
    const bindings = { WRITER: accept, DB: database(thrower("D1_ERROR: no such table: tokens: SQLITE_ERROR")) };
    const answer = await send(client, bindings, "GET", "/Users");
    expect(answer.status).toBe(503);
    expect(answer.json.detail).toContain("npx wrangler d1 migrations apply rollcall --local");
  });

  it("answers 503 with Retry-After when the writer is overloaded, and passes on the writer's own 429", async () => {
    const client = await newClient();
    const overloaded = await send(
      client,
      { WRITER: writer(thrower("too much", { overloaded: true })) },
      "DELETE",
      "/Users/0192f0aa-0000-7000-8000-000000000000",
    );
    expect([overloaded.status, overloaded.headers.get("retry-after")]).toEqual([503, "5"]);
    const busy = writer(() => ({ ok: false, ...refusal("queue_full", "The queue is full."), retryAfter: 7 }));
    const refused = await send(client, { WRITER: busy }, "DELETE", "/Users/0192f0aa-0000-7000-8000-000000000000");
    expect([refused.status, refused.headers.get("retry-after"), refused.json.detail]).toEqual([
      429,
      "7",
      "The queue is full.",
    ]);
  });

  it("hands reads and early refusals to the log after the answer, writes with the operation, strangers never", async () => {
    const client = await newClient();
    const taken: WriteRequest[] = [];
    const WRITER = writer((request) => {
      taken.push(request);
      return { ok: false, ...refusal("no_such_user", "no") };
    });
    await send(client, { WRITER }, "GET", "/Users?count=1");
    await send(client, { WRITER }, "POST", "/Users", {});
    await send(client, { WRITER }, "DELETE", "/Users/0192f0aa-0000-7000-8000-000000000000");
    await send({ ...client, token: "junk" }, { WRITER }, "GET", "/Users");
    expect(taken.map(({ operation }) => operation.kind)).toEqual(["log", "log", "deleteUser"]);
    expect(taken[2]).toMatchObject({
      tokenId: client.tokenId,
      log: { method: "DELETE", status: 204, resourceId: "0192f0aa-0000-7000-8000-000000000000" },
    });
  });
});
