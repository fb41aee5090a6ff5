import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { app } from "../../src/app.ts";
import { BulkPace } from "../../src/scim-api/space-out-bulk.ts";
import { newClient } from "./scim-client.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

it("a Bulk request is read in its company's turn, by what it says to have, and others are answered meanwhile", async () => {
  const { companyId, token } = await newClient();
  const send = (method: string, path: string, body?: string, headers = {}) => {
    const sent = { authorization: `Bearer ${token}`, "content-type": "application/scim+json", ...headers };
    const request = new Request(`https://rollcall.test/scim/v2${path}`, { method, headers: sent, body: body ?? null });
    return app.fetch(request, env, createExecutionContext());
  };
  let open = () => {};
  const turn = new Promise<void>((resolve) => {
    open = resolve;
  });
  const waitFor = vi.spyOn(BulkPace.prototype, "waitFor").mockReturnValue(turn);
  const body = JSON.stringify({
    Operations: [{ method: "POST", path: "/Users", bulkId: "a", data: { userName: "a" } }],
  });
  let isAnswered = false;
  const bulk = Promise.resolve(send("POST", "/Bulk", body, { "content-length": String(body.length) })).then(
    (answer) => {
      isAnswered = true;
      return answer;
    },
  );
  await vi.waitFor(() => expect(waitFor).toHaveBeenCalledWith(companyId, body.length));
  const users = async () => ((await (await send("GET", "/Users")).json()) as { totalResults: number }).totalResults;
  expect([await users(), isAnswered]).toEqual([0, false]);
  open();
  expect((await bulk).status).toBe(200);
  expect(await users()).toBe(1);
});

it("one that does not say how long it is waits by what it has, and is refused like others where the company owes", async () => {
  const { companyId, token } = await newClient();
  const waitFor = vi.spyOn(BulkPace.prototype, "waitFor").mockResolvedValue();
  const body = JSON.stringify({ Operations: [{ method: "DELETE", path: "/Users/nobody" }] });
  const send = (bindings: object) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/scim+json" };
    const request = new Request("https://rollcall.test/scim/v2/Bulk", { method: "POST", headers, body });
    return app.fetch(request, { ...env, ...bindings }, createExecutionContext());
  };
  expect((await send({})).status).toBe(200);
  expect(waitFor).toHaveBeenCalledWith(companyId, body.length);
  const owing = { owes: async () => 7 };
  const answer = await send({ SHARE: { idFromName: () => "", get: () => owing, getByName: () => owing } });
  expect(answer.status).toBe(429);
});
