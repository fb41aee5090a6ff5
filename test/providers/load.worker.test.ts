import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect } from "vitest";
import type { Env } from "../../src/platform/env.ts";
import { scimApi } from "../../src/scim-api/scim-api.ts";
import { CompanyWriter } from "../../src/writer/company-writer.ts";
import type { WriteRequest } from "../../src/writer/operation.ts";
import { IS_WHOLE } from "../generated-cases.ts";
import { costOfD1 } from "../tools/d1-cost.ts";
import { closedGate } from "../writer/gate.ts";
import { hookD1 } from "../writer/hooked-d1.ts";
import { UNHEARD } from "../writer/unheard.ts";
import { fillGroup, fillWithUsers, memberId } from "./crowd.ts";
import { row } from "./row.ts";
import { callScim, connect, isScimError, newCompany, readText } from "./world.ts";

const USERS = "/Users";

function patchOf(...Operations: Record<string, unknown>[]) {
  return JSON.stringify({ schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations });
}

function membersOf(ids: readonly string[]) {
  return ids.map((value) => ({ value }));
}

describe("large groups and many requests", () => {
  row(125, async () => {
    const connection = await connect({ provider: "entra" });
    const ids = await fillWithUsers(connection, 1000);
    const made = await callScim(connection, "POST", "/Groups", { displayName: "One operation" });
    const separate = await callScim(connection, "POST", "/Groups", { displayName: "Many operations" });
    const [one, many] = [readText(made, "id"), readText(separate, "id")];
    const cost = await costOfD1(async () => {
      const whole = patchOf({ op: "Add", path: "members", value: membersOf(ids) });
      expect((await callScim(connection, "PATCH", `/Groups/${one}`, whole)).status).toBe(204);
      const parts = patchOf(...ids.map((value) => ({ op: "Add", path: "members", value: [{ $ref: null, value }] })));
      expect((await callScim(connection, "PATCH", `/Groups/${many}`, parts)).status).toBe(204);
    });
    // Some rows for each member, none for each pair of them: a second or two, where a minute is allowed.
    expect(cost.trips).toBeLessThan(40);
    expect(cost.rowsRead).toBeLessThan(100_000);
    expect(cost.rowsWritten).toBeLessThan(40_000);
    for (const id of [one, many])
      expect((await callScim(connection, "GET", `/Groups/${id}`)).body.members).toHaveLength(1000);
  });

  row(143, async () => {
    const connection = await connect({ groupSettings: { criteria: "none", targetGroupName: "Everyone" } });
    await fillWithUsers(connection, IS_WHOLE ? 50_000 : 5_000);
    const id = readText(await callScim(connection, "POST", "/Groups", { displayName: "All hands" }), "id");
    await fillGroup(id);
    const remove = patchOf({ op: "remove", path: `members[value eq "${memberId(7)}"]` });
    const answer = await callScim(connection, "PATCH", `/Groups/${id}`, remove);
    expect(answer).toMatchObject({ status: 204, text: "" });
    const plain = await callScim(connection, "GET", `/Groups/${id}?excludedAttributes=members`);
    expect(plain.text.length).toBeLessThan(1000);
  });

  row(161, async () => {
    const connection = await connect({ groupSettings: { criteria: "none", targetGroupName: "Everyone" } });
    const ids = await fillWithUsers(connection, 20_000);
    const id = readText(await callScim(connection, "POST", "/Groups", { displayName: "All hands" }), "id");
    await fillGroup(id);
    const body = { displayName: "All hands", members: membersOf(ids.slice(10_000)) };
    const cost = await costOfD1(async () => {
      const answer = await callScim(connection, "PUT", `/Groups/${id}?excludedAttributes=members`, body);
      expect(answer.status).toBe(200);
    });
    // Some rows for each of 20,000 members.
    expect(cost.trips).toBeLessThan(100);
    expect(cost.rowsRead).toBeLessThan(1_000_000);
    expect(cost.rowsWritten).toBeLessThan(100_000);
    const { results } = await env.DB.prepare("SELECT member_count AS n FROM groups WHERE id = ?").bind(id).all();
    expect(results).toEqual([{ n: 10_000 }]);
  });
});

describe("many requests", () => {
  row(146, async () => {
    const connection = await connect();
    const ids = await fillWithUsers(connection, 50);
    const group = readText(await callScim(connection, "POST", "/Groups", { displayName: "Crew" }), "id");
    const answers = await Promise.all(
      ids.map((value) =>
        callScim(connection, "PATCH", `/Groups/${group}`, patchOf({ op: "Add", path: "members", value: [{ value }] })),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    expect((await callScim(connection, "GET", `/Groups/${group}`)).body.members).toHaveLength(50);
  });

  // Ten minutes of load are a benchmark's work; here every company sends one second's worth of it at once.
  row(159, async () => {
    const tenants = await Promise.all([1, 2, 3].map((number) => newCompany(`Tenant ${number}`)));
    const connections = await Promise.all(tenants.map((company) => connect({ provider: "entra" }, company)));
    const send = (connection: (typeof connections)[number], index: number) =>
      index % 2 === 0
        ? callScim(connection, "GET", `${USERS}?filter=userName+eq+%22user${index}%22`)
        : callScim(connection, "POST", USERS, { userName: `user${index}` });
    const cost = await costOfD1(async () => {
      const requests = connections.flatMap((connection) =>
        Array.from({ length: 25 }, (_, index) => send(connection, index)),
      );
      const answers = await Promise.all(requests);
      expect(answers.filter(({ status }) => status !== 200 && status !== 201)).toEqual([]);
    });
    // At most two trips and some rows for each of 75 requests, however many wait.
    expect(cost.trips).toBeLessThanOrEqual(150);
    expect(cost.rowsRead).toBeLessThan(3_000);
  });

  row(160, async () => {
    const connection = await connect({ provider: "entra" });
    const gate = closedGate();
    const d1 = hookD1(env.DB, { beforeCommit: gate.pass });
    const real = new CompanyWriter({ ...UNHEARD, d1, companyId: connection.companyId, clock: Date.now });
    const { settingId } = connection;
    const cause = { requestId: "many", actor: "scim" as const, settingId, provider: null };
    const field = { key: "k", label: "L", type: "text" as const };
    const first = real.write({ operation: { kind: "createField", field }, cause });
    await gate.reached;
    const waiting = Array.from({ length: 1_998 }, (_, n) =>
      real.write({ operation: { kind: "deleteUser", settingId, id: `nobody${n}` }, cause }),
    );
    const writer = { write: (_company: string, request: WriteRequest) => real.write(request) };
    // The stand-in has the two methods that openWriter calls; its queue is nearly full and its first commit waits.
    const namespace = { idFromName: (name: string) => name, get: () => writer } as unknown as Env["WRITER"];
    const bindings: Env = { ...env, WRITER: namespace };
    const post = async (userName: string) => {
      const context = createExecutionContext();
      const request = new Request("https://rollcall.test/scim/v2/Users", {
        method: "POST",
        headers: { Authorization: `Bearer ${connection.token}`, "Content-Type": "application/scim+json" },
        body: JSON.stringify({ userName }),
      });
      const response = await scimApi().fetch(request, bindings, context);
      const answer = { status: response.status, headers: response.headers, text: await response.text(), body: {} };
      await waitOnExecutionContext(context);
      return { ...answer, body: JSON.parse(answer.text) };
    };
    const burst = Array.from({ length: 10 }, (_, index) => post(`user${index}`));
    const early = await Promise.race(burst);
    expect(early.status).toBe(429);
    gate.open();
    const answers = await Promise.all(burst);
    await Promise.all([first, ...waiting]);
    const throttled = answers.filter(({ status }) => status === 429);
    for (const answer of throttled) {
      expect(isScimError(answer)).toBe(true);
      expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
    }
    const made = answers.filter(({ status }) => status === 201).length;
    expect(made).toBeGreaterThan(0);
    expect(made + throttled.length).toBe(10);
    expect((await callScim(connection, "GET", USERS)).body.totalResults).toBe(made);
  });
});
