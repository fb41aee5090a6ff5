import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { QUOTAS } from "../../src/companies/quotas.ts";
import { getPage, signInAdmin } from "../console/sign-in-to.ts";
import { must, trustOf } from "../safety/populated-company.ts";
import { waitForLogAndWork } from "../safety/wait-for-log-and-work.ts";
import { errorOf, newClient, newSetting, operate, type ScimClient } from "../scim-api/scim-client.ts";

const quotasAt = ({ companyId }: ScimClient) => `/companies/${companyId}/quotas`;

async function clientWith(quotas: Record<string, number>): Promise<ScimClient> {
  const client = await newClient();
  must(await operate("PATCH", quotasAt(client), quotas), 200);
  return client;
}

/** The uses of a company's quotas, by name. */
async function usesOf(client: ScimClient): Promise<Record<string, number>> {
  const { items } = must(await operate("GET", quotasAt(client)), 200);
  return Object.fromEntries(items.map(({ name, used }: { name: string; used: number }) => [name, used]));
}

/** So many bytes of text in attributes that no field reads, none of them long by itself. */
function personOf(userName: string, bytes: number) {
  const frame = JSON.stringify({ active: true, userName }).length;
  const names = ["title", "nickName", "profileUrl", "locale", "timezone", "preferredLanguage", "userType"];
  let left = bytes - frame;
  const more: Record<string, string> = {};
  for (const name of names) {
    const room = Math.min(16_000, left - `,"${name}":""`.length);
    if (room <= 0) break;
    more[name] = "t".repeat(room);
    left -= room + `,"${name}":""`.length;
  }
  return { userName, ...more };
}

const patch = (path: string, value: unknown) => ({ Operations: [{ op: "replace", path, value }] });

/** Things of which a company may have a number, and how one more is asked for. */
const COUNTED: [name: keyof typeof QUOTAS, add: (client: ScimClient, n: number) => ReturnType<typeof operate>][] = [
  [
    "settings",
    ({ companyId }, n) =>
      operate("POST", `/companies/${companyId}/scim-settings`, {
        name: `More ${n}`,
        provider: "other",
        groupSettings: { criteria: "idp" },
      }),
  ],
  [
    "credentialsPerSetting",
    // Tokens, clients with their first secrets, and trusts together.
    ({ companyId, settingId }, n) => {
      const kind = ["tokens", "clients", "trusts"][n % 3];
      const body = kind === "trusts" ? trustOf("quota") : {};
      return operate("POST", `/companies/${companyId}/scim-settings/${settingId}/${kind}`, body);
    },
  ],
  [
    "fields",
    ({ companyId }, n) =>
      operate("POST", `/companies/${companyId}/fields`, { key: `field${n}`, label: `Field ${n}`, type: "text" }),
  ],
  [
    "webhooks",
    ({ companyId }) => operate("POST", `/companies/${companyId}/webhooks`, { url: "https://hooks.example.com/" }),
  ],
  ["people", (client, n) => client.send("POST", "/Users", { userName: `u${n}` })],
];

describe("a number that a company may have", () => {
  it.each(COUNTED)(
    "of %s is exact, however many ask at once, and refused with 403 and the code quota",
    async (name, add) => {
      const client = await clientWith({ [name]: 4 });
      const before = (await usesOf(client))[name] ?? 0;
      const answers = await Promise.all(Array.from({ length: 7 }, (_, n) => add(client, n)));
      const made = answers.filter(({ status }) => status === 201);
      expect(made).toHaveLength(4 - before);
      for (const { status, json } of answers.filter((answer) => !made.includes(answer))) {
        expect(status).toBe(403);
        expect(json.detail).toContain("at most 4 ");
        if (name !== "people") expect(json.code).toBe("quota");
      }
      expect((await usesOf(client))[name]).toBe(4);
    },
  );

  it("counts no token that is revoked or has expired, and no setting that is deleted", async () => {
    const client = await clientWith({ credentialsPerSetting: 2, settings: 2 });
    const tokens = `/companies/${client.companyId}/scim-settings/${client.settingId}/tokens`;
    const made = must(await operate("POST", tokens, {}), 201);
    must(await operate("POST", tokens, {}), 403);
    must(await operate("DELETE", `${tokens}/${made.id}`), 204);
    must(await operate("POST", tokens, {}), 201);
    const second = await newSetting(client.companyId);
    await expect(newSetting(client.companyId)).rejects.toThrow("quota");
    must(await operate("DELETE", `/companies/${client.companyId}/scim-settings/${second.settingId}`), 204);
    await newSetting(client.companyId);
  });

  it("counts the further secrets of a client, and none that is deleted with it", async () => {
    const client = await clientWith({ credentialsPerSetting: 4 });
    const at = `/companies/${client.companyId}/scim-settings/${client.settingId}/clients`;
    const { id } = must(await operate("POST", at, {}), 201);
    for (const status of [201, 201, 403]) must(await operate("POST", `${at}/${id}/secrets`, {}), status);
    must(await operate("POST", at, {}), 403);
    expect((await usesOf(client)).credentialsPerSetting).toBe(4);
    must(await operate("DELETE", `${at}/${id}`), 204);
    expect((await usesOf(client)).credentialsPerSetting).toBe(1);
    must(await operate("POST", at, {}), 201);
  });

  it("of people is that of all settings together, kept people of deleted ones too", async () => {
    const client = await clientWith({ people: 3 });
    const left = await newSetting(client.companyId);
    must(await left.send("POST", "/Users", { userName: "kept" }), 201);
    must(await operate("DELETE", `/companies/${client.companyId}/scim-settings/${left.settingId}?users=keep`), 204);
    must(await client.send("POST", "/Users", { userName: "a" }), 201);
    must(await client.send("POST", "/Users", { userName: "b", active: false }), 201);
    const refused = errorOf(await client.send("POST", "/Users", { userName: "c" }));
    expect(refused).toMatchObject({ status: "403", detail: expect.stringContaining("at most 3 people") });
  });

  it("of people refuses the items of a Bulk request that go beyond it, each in its place, and counts who goes in it", async () => {
    const client = await clientWith({ people: 3 });
    const { id } = must(await client.send("POST", "/Users", { userName: "first" }), 201);
    const post = (userName: string) => ({ method: "POST", path: "/Users", bulkId: userName, data: { userName } });
    const Operations = [
      post("a"),
      post("b"),
      post("c"),
      { method: "DELETE", path: `/Users/${id}` },
      post("d"),
      post("e"),
    ];
    const { Operations: done } = must(await client.send("POST", "/Bulk", { Operations }), 200);
    expect(done.map(({ status }: { status: string }) => status)).toEqual(["201", "201", "403", "204", "201", "403"]);
    expect((await usesOf(client)).people).toBe(3);
  });

  it("lets a company that has more already go on: only adding is refused", async () => {
    const client = await newClient();
    const ids: string[] = [];
    for (const userName of ["a", "b", "c"]) ids.push(must(await client.send("POST", "/Users", { userName }), 201).id);
    must(await operate("PATCH", quotasAt(client), { people: 1 }), 200);
    must(await client.send("PATCH", `/Users/${ids[0]}`, patch("title", "Boss")), 200);
    must(await client.send("PUT", `/Users/${ids[1]}`, { userName: "b", active: false }), 200);
    must(await client.send("DELETE", `/Users/${ids[2]}`), 204);
    must(await client.send("POST", "/Users", { userName: "d" }), 403);
    must(await operate("PATCH", quotasAt(client), { people: null }), 200);
    must(await client.send("POST", "/Users", { userName: "d" }), 201);
  });
});

describe("the text that is stored of one user", () => {
  const LIMIT = QUOTAS.textPerUser.usual;

  it("may be as much as the quota, and is refused with 413 beyond, by POST, PUT, PATCH and in a Bulk request", async () => {
    const client = await newClient();
    const { id } = must(await client.send("POST", "/Users", personOf("full", LIMIT)), 201);
    const over = await client.send("POST", "/Users", personOf("over", LIMIT + 1));
    expect(errorOf(over).detail).toContain("65,537 bytes");
    expect(over.status).toBe(413);
    must(await client.send("PUT", `/Users/${id}`, personOf("full", LIMIT + 1)), 413);
    must(await client.send("PATCH", `/Users/${id}`, patch("displayName", "x")), 413);
    const Operations = [{ method: "POST", path: "/Users", bulkId: "b", data: personOf("bulk", LIMIT + 1) }];
    const { Operations: done } = must(await client.send("POST", "/Bulk", { Operations }), 200);
    expect(done[0].status).toBe("413");
  });

  it("counts bytes, not characters, and what custom fields repeat", async () => {
    const client = await newClient();
    const title = "漢".repeat(16_000);
    must(await client.send("POST", "/Users", { userName: "a", title }), 201);
    must(
      await operate("POST", `/companies/${client.companyId}/fields`, { key: "role", label: "Role", type: "text" }),
      201,
    );
    const path = `/companies/${client.companyId}/scim-settings/${client.settingId}`;
    must(await operate("PATCH", path, { fieldMappings: [{ field: "role", path: "title" }] }), 200);
    must(await client.send("POST", "/Users", { userName: "b", title }), 413);
  });

  it("is refused only where it grows: a user from before the quota is updated and made smaller", async () => {
    const client = await newClient();
    const { id } = must(await client.send("POST", "/Users", personOf("big", 60_000)), 201);
    must(await operate("PATCH", quotasAt(client), { textPerUser: 10_000 }), 200);
    must(await client.send("PATCH", `/Users/${id}`, patch("active", false)), 413);
    must(await client.send("PATCH", `/Users/${id}`, patch("title", "short")), 200);
    must(await client.send("PATCH", `/Users/${id}`, patch("active", false)), 413);
    must(await client.send("PATCH", `/Users/${id}`, patch("userName", "bi")), 200);
    must(await client.send("DELETE", `/Users/${id}`), 204);
  });

  it("is noted in the log as it comes near, once", async () => {
    const client = await newClient();
    const { id } = must(await client.send("POST", "/Users", personOf("near", 60_000)), 201);
    must(await client.send("PATCH", `/Users/${id}`, patch("active", false)), 200);
    await waitForLogAndWork(client);
    const log = `/companies/${client.companyId}/scim-settings/${client.settingId}/log?user=near`;
    const entries = must(await operate("GET", log), 200).items.filter(
      ({ method }: { method: string }) => method !== "GET",
    );
    const kinds = entries.map(({ notes }: { notes: { kind: string }[] }) => notes.map(({ kind }) => kind));
    expect(kinds).toEqual([[], ["near_quota"]]);
  });

  it("is told with its code in the log, and explained in the console", async () => {
    const client = await newClient();
    must(await client.send("POST", "/Users", personOf("over", LIMIT + 1)), 413);
    await waitForLogAndWork(client);
    const log = `/companies/${client.companyId}/scim-settings/${client.settingId}/log?outcome=failure`;
    const [entry] = must(await operate("GET", log), 200).items;
    expect(entry).toMatchObject({ status: 413, code: "quota" });
  });
});

describe("the values in one body", () => {
  it("are as many as the company may send, by any verb that has a body; a search too", async () => {
    const client = await clientWith({ valuesPerBody: 10_000 });
    const lists = (count: number) =>
      Object.fromEntries(Array.from({ length: count / 1000 }, (_, n) => [`list${n}`, Array(1000).fill(1)]));
    const numbers = (count: number) => ({ userName: "a", "urn:acme:2.0:User": lists(count) });
    const { id } = must(await client.send("POST", "/Users", numbers(9_000)), 201);
    const asked: [string, string, unknown][] = [
      ["POST", "/Users", numbers(10_000)],
      ["PUT", `/Users/${id}`, numbers(10_000)],
      ["PATCH", `/Users/${id}`, patch("urn:acme:2.0:User", lists(10_000))],
      ["POST", "/Groups", { displayName: "G", members: Array(10_000).fill({ value: id }) }],
      ["POST", "/Bulk", { Operations: [{ method: "POST", path: "/Users", bulkId: "b", data: numbers(10_000) }] }],
      ["POST", "/Users/.search", { filter: "active eq true", x: Array(10_000).fill(1) }],
    ];
    for (const [method, path, body] of asked) {
      const answer = await client.send(method, path, body);
      expect([answer.status, path]).toEqual([413, path]);
      expect(errorOf(answer).detail).toContain("at most 10,000 values");
    }
  });
});

describe("setting quotas", () => {
  it("keeps those left out, and takes no number that memory has no room for", async () => {
    const client = await clientWith({ people: 7, fields: 3 });
    const items = must(await operate("PATCH", quotasAt(client), { fields: null, webhooks: 1 }), 200).items;
    const limits = Object.fromEntries(items.map(({ name, limit }: { name: string; limit: number }) => [name, limit]));
    expect(limits).toMatchObject({ people: 7, fields: 50, webhooks: 1, settings: 20 });
    for (const body of [
      { textPerUser: 10_000_000 },
      { valuesPerBody: 1_000_001 },
      { people: -1 },
      { people: 1.5 },
      { cars: 1 },
    ])
      expect((await operate("PATCH", quotasAt(client), body)).status, JSON.stringify(body)).toBe(400);
  });
});

describe("a quota that is nearly used up", () => {
  it("is told once in the Worker's log as it comes near, and shown in the console", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    const client = await clientWith({ people: 5 });
    for (const userName of ["a", "b", "c", "d", "e"]) must(await client.send("POST", "/Users", { userName }), 201);
    must(await client.send("POST", "/Users", { userName: "f" }), 403);
    const lines = warned.mock.calls
      .map(([line]) => JSON.parse(line))
      .filter(({ companyId }) => companyId === client.companyId);
    expect(lines).toMatchObject([{ level: "warn", quota: "people", used: 4, limit: 5 }]);
    warned.mockRestore();
    const key = await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?")
      .bind(client.companyId)
      .first("company_key");
    const cookie = await signInAdmin(Number(key));
    const settings = `/console/companies/${client.companyId}/settings`;
    expect(await (await getPage(settings, cookie)).text()).toContain("Used up");
    const setting = await (await getPage(`${settings}/${client.settingId}`, cookie)).text();
    expect(setting).toContain("5 of 5 people are used");
  });
});
