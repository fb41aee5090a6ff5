import { env, exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Env } from "../../src/platform/env.ts";
import { newId } from "../../src/platform/uuid.ts";
import { openWriter } from "../../src/writer/open-writer.ts";

const ORIGIN = "https://rollcall.test";

interface Thing {
  id: string;
  name: string;
}
interface Person extends Thing {
  userName: string;
  groups: { name: string; reasons: { kind: string; detail: string; settingId: string | null; requestId: string }[] }[];
  enrolments: { itemId: string; status: string; groupIds: string[] }[];
}
interface Change {
  cursor: string;
  type: string;
  subject: { kind: string; id: string };
  cause: { requestId: string };
}
interface List<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** Calls the Worker as the platform does. */
async function call<Answer>(method: string, path: string, body?: unknown) {
  const request = new Request(`${ORIGIN}/api/v1${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${env.OPERATOR_KEY}`,
      ...(body !== undefined && { "Content-Type": "application/json" }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const response = await exports.default.fetch(request);
  const text = await response.text();
  // The expectations of each test judge the shape.
  return { status: response.status, json: (text === "" ? null : JSON.parse(text)) as Answer };
}

/** A company with one setting, and a way to have a user arrive through it. */
async function open(groupSettings: Record<string, unknown> = { criteria: "field", field: "department" }) {
  const company = (await call<Thing>("POST", "/companies", { name: "Northwind" })).json;
  const base = `/companies/${company.id}`;
  const made = await call<Thing & { token: { id: string; secret: string } }>("POST", `${base}/scim-settings`, {
    name: "Entra",
    provider: "entra",
    groupSettings,
  });
  expect(made.status).toBe(201);
  const setting = made.json;
  const arrive = async (userName: string, department?: string, more: Record<string, unknown> = {}) => {
    const document = {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      userName,
      active: true,
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": department === undefined ? {} : { department },
      ...more,
    };
    // The test's generated binding type names the class; the writer's own view of it is narrower.
    const result = await openWriter(env as unknown as Env, company.id).write(company.id, {
      operation: { kind: "createUser", settingId: setting.id, document: document as never },
      cause: { requestId: newId(Date.now()), actor: "scim", settingId: setting.id, provider: "entra" },
    });
    if (!result.ok || result.outcome.kind !== "user") throw new Error(JSON.stringify(result));
    return result.outcome.user.id;
  };
  const groupNamed = async (name: string) => {
    const { json } = await call<List<Thing & { memberCount: number }>>("GET", `${base}/target-groups`);
    return json.items.find((group) => group.name === name);
  };
  const readChanges = async (after: string, query = "") =>
    (await call<List<Change>>("GET", `${base}/changes?after=${after}&limit=200${query}`)).json.items;
  return { company, base, setting, arrive, groupNamed, readChanges };
}

describe("a company", () => {
  it("is made, renamed, listed and deleted with all it has", async () => {
    const { company, base, setting } = await open();
    expect((await call<Thing>("PATCH", base, { name: " Contoso " })).json).toMatchObject({ name: "Contoso" });
    expect((await call<Thing>("GET", base)).json.name).toBe("Contoso");
    expect((await call("DELETE", base)).status).toBe(204);
    for (const path of ["", "/fields", `/scim-settings/${setting.id}`, "/changes"])
      expect((await call("GET", `${base}${path}`)).status, path).toBe(404);
    expect(JSON.stringify((await call("GET", "/companies?limit=200")).json)).not.toContain(company.id);
    expect(await env.TOKENS.get(`token:${setting.token.id}`)).toBeNull();
  });
});

describe("a SCIM setting", () => {
  it("is paused, resumed and renamed, each told once in the feed", async () => {
    const { base, setting, readChanges } = await open();
    const path = `${base}/scim-settings/${setting.id}`;
    expect(await call("POST", `${path}/pause`)).toMatchObject({ status: 200, json: { status: "paused" } });
    expect(await call("POST", `${path}/resume`)).toMatchObject({ status: 200, json: { status: "active" } });
    expect(await call("PATCH", path, { name: "Entra EMEA" })).toMatchObject({ json: { name: "Entra EMEA" } });
    const types = (await readChanges("0")).map((change) => change.type);
    expect(types).toEqual([
      "company.created",
      "setting.created",
      "token.created",
      "setting.paused",
      "setting.resumed",
      "setting.changed",
    ]);
    const expiresAt = "2100-01-01T00:00:00.000Z";
    expect(await call("POST", `${path}/tokens`, { expiresAt })).toMatchObject({ status: 201 });
    expect((await readChanges("0")).at(-1)).toMatchObject({ type: "token.created", data: { expiresAt } });
  });

  it("shows the target group it made by name, and refuses one of another company", async () => {
    const { base, setting, groupNamed } = await open({ criteria: "none", targetGroupName: "All staff" });
    const group = await groupNamed("All staff");
    const one = await call("GET", `${base}/scim-settings/${setting.id}`);
    expect(one.json).toMatchObject({ groupSettings: { targetGroupId: group?.id, targetGroupName: "All staff" } });
    const other = await open();
    const foreign = { groupSettings: { criteria: "none", targetGroupId: group?.id } };
    const refused = await call("PATCH", `${other.base}/scim-settings/${other.setting.id}`, foreign);
    expect(refused).toMatchObject({ status: 400, json: { errors: [{ pointer: "/groupSettings/targetGroupId" }] } });
  });

  it("is regrouped when its group settings change", async () => {
    const { base, setting, arrive, groupNamed } = await open();
    await arrive("ada", "Sales");
    expect(await groupNamed("Sales")).toMatchObject({ memberCount: 1 });
    const change = { groupSettings: { criteria: "none", targetGroupName: "All staff" } };
    expect((await call("PATCH", `${base}/scim-settings/${setting.id}`, change)).status).toBe(200);
    expect(await groupNamed("Sales")).toMatchObject({ memberCount: 0 });
    expect(await groupNamed("All staff")).toMatchObject({ memberCount: 1 });
  });

  it("previews a change without making it", async () => {
    const { base, setting, arrive, groupNamed } = await open();
    await arrive("ada", "Sales");
    const change = { groupSettings: { criteria: "none", targetGroupName: "All staff" } };
    const preview = await call("POST", `${base}/scim-settings/${setting.id}/preview`, change);
    expect(preview).toMatchObject({ status: 200, json: { joins: 1, leaves: 1, nextCursor: null } });
    expect(preview.json).toMatchObject({
      changes: expect.arrayContaining([
        expect.objectContaining({ userName: "ada", groupName: "Sales", action: "leave" }),
        expect.objectContaining({ userName: "ada", groupName: "All staff", action: "join" }),
      ]),
    });
    expect(await groupNamed("Sales")).toMatchObject({ memberCount: 1 });
    expect(await groupNamed("All staff")).toBeUndefined();
  });

  it("deleted keeps its users, or removes them when asked", async () => {
    for (const users of ["keep", "remove"]) {
      const { base, setting, arrive } = await open();
      const id = await arrive("ada", "Sales");
      expect((await call("DELETE", `${base}/scim-settings/${setting.id}?users=${users}`)).status).toBe(204);
      expect((await call("GET", `${base}/scim-settings/${setting.id}`)).status).toBe(404);
      const list = await call<List<unknown>>("GET", `${base}/target-users?filter=userName eq "ada"`);
      expect(list.json.items, users).toHaveLength(users === "keep" ? 1 : 0);
      expect((await call("GET", `${base}/target-users/${id}`)).status).toBe(users === "keep" ? 200 : 404);
    }
  });

  it("has tokens that can be replaced without a gap", async () => {
    const { base, setting } = await open();
    const path = `${base}/scim-settings/${setting.id}/tokens`;
    const second = await call<{ id: string; secret: string }>("POST", path, {});
    expect(second.status).toBe(201);
    expect((await call("DELETE", `${path}/${setting.token.id}`)).status).toBe(204);
    const { json } = await call<List<{ id: string; revokedAt: string | null }>>("GET", path);
    const revoked = new Map(json.items.map((token) => [token.id, token.revokedAt !== null]));
    expect(revoked).toEqual(
      new Map([
        [setting.token.id, true],
        [second.json.id, false],
      ]),
    );
  });
});

describe("a field of the company's own", () => {
  it("is defined, mapped, filled, and cannot go while a setting groups by it", async () => {
    const { base, setting, arrive, groupNamed } = await open();
    expect((await call("POST", `${base}/fields`, { key: "site", label: "Site", type: "text" })).status).toBe(201);
    expect((await call("POST", `${base}/fields`, { key: "site", label: "Site", type: "text" })).status).toBe(409);
    const change = {
      fieldMappings: [{ field: "site", path: 'addresses[type eq "work"].locality' }],
      groupSettings: { criteria: "field", field: "site" },
    };
    expect((await call("PATCH", `${base}/scim-settings/${setting.id}`, change)).status).toBe(200);
    const id = await arrive("ada", "Sales", { addresses: [{ type: "work", locality: "Oslo" }] });
    const { json } = await call("GET", `${base}/target-users/${id}`);
    expect(json).toMatchObject({ fields: { site: "Oslo", department: "Sales" }, groups: [{ name: "Oslo" }] });
    expect(await groupNamed("Oslo")).toMatchObject({ memberCount: 1 });
    expect((await call("DELETE", `${base}/fields/site`)).status).toBe(409);
    const regroup = { fieldMappings: [], groupSettings: { criteria: "idp" } };
    expect((await call("PATCH", `${base}/scim-settings/${setting.id}`, regroup)).status).toBe(200);
    expect((await call("DELETE", `${base}/fields/site`)).status).toBe(204);
  });

  it("takes its values along when it goes: a new one of the same key starts without", async () => {
    const { base, setting, arrive } = await open();
    const field = { key: "post", label: "Post", type: "text" };
    expect((await call("POST", `${base}/fields`, field)).status).toBe(201);
    const change = { fieldMappings: [{ field: "post", path: "title" }] };
    expect((await call("PATCH", `${base}/scim-settings/${setting.id}`, change)).status).toBe(200);
    const id = await arrive("ada", "Sales", { title: "Boss" });
    const show = async () => (await call("GET", `${base}/target-users/${id}`)).json;
    expect(await show()).toMatchObject({ fields: { post: "Boss" } });
    expect((await call("DELETE", `${base}/fields/post`)).status).toBe(204);
    expect((await call("POST", `${base}/fields`, field)).status).toBe(201);
    expect(await show()).toMatchObject({ fields: { post: null } });
  });
});

describe("a person", () => {
  it("is shown with groups, enrolments and the request that made each", async () => {
    const { base, setting, arrive, groupNamed, readChanges } = await open();
    await arrive("bea", "Sales");
    const group = await groupNamed("Sales");
    const items = [
      { kind: "phishing", id: "sim-1", name: "Parcel" },
      { kind: "training", id: "course-1", name: "Phishing basics" },
    ];
    const enrol = await call("PUT", `${base}/target-groups/${group?.id}/auto-enrolments`, items);
    expect(enrol.json).toEqual({ items, nextCursor: null });
    const before = (await readChanges("0")).at(-1)?.cursor ?? "0";
    const id = await arrive("ada", "sales");
    const { json: person } = await call<Person>("GET", `${base}/target-users/${id}`);
    const [membership] = person.groups;
    expect(membership).toMatchObject({
      name: "Sales",
      reasons: [{ kind: "field", settingId: setting.id, detail: 'department is "Sales"' }],
    });
    expect(person.enrolments).toMatchObject([
      { itemId: expect.any(String), status: "active", groupIds: [group?.id] },
      { itemId: expect.any(String), status: "active", groupIds: [group?.id] },
    ]);
    const changes = await readChanges(before);
    expect(changes.map((change) => change.type).sort()).toEqual([
      "enrolment.started",
      "enrolment.started",
      "member.added",
      "user.created",
    ]);
    expect(new Set(changes.map((change) => change.cause.requestId))).toEqual(
      new Set([membership?.reasons[0]?.requestId]),
    );
    const list = await call<List<unknown>>("GET", `${base}/enrolments?groupId=${group?.id}&kind=phishing`);
    expect(list.json.items).toHaveLength(2);
  });

  it("joins a group by hand and leaves it again", async () => {
    const { base, arrive, groupNamed } = await open();
    const id = await arrive("ada");
    const made = await call<Thing>("POST", `${base}/target-groups`, { name: "Pilots" });
    expect(made).toMatchObject({ status: 201, json: { name: "Pilots", source: "manual", memberCount: 0 } });
    expect((await call("POST", `${base}/target-groups`, { name: " pilots" })).status).toBe(409);
    const path = `${base}/target-groups/${made.json.id}/members`;
    for (let time = 0; time < 2; time += 1) expect((await call("PUT", `${path}/${id}`)).status).toBe(204);
    expect((await call<List<unknown>>("GET", path)).json.items).toMatchObject([
      { userId: id, status: "active", reasons: [{ kind: "manual", detail: "added by hand", settingId: null }] },
    ]);
    expect(await groupNamed("Pilots")).toMatchObject({ memberCount: 1 });
    for (let time = 0; time < 2; time += 1) expect((await call("DELETE", `${path}/${id}`)).status).toBe(204);
    expect((await call<List<unknown>>("GET", path)).json.items).toEqual([]);
  });

  it("of one company is nowhere in another", async () => {
    const one = await open();
    const two = await open();
    const id = await one.arrive("ada", "Sales");
    const group = await one.groupNamed("Sales");
    expect((await call<List<unknown>>("GET", `${two.base}/target-users`)).json.items).toEqual([]);
    for (const path of [
      `/target-users/${id}`,
      `/target-groups/${group?.id}`,
      `/target-groups/${group?.id}/members`,
      `/target-groups/${group?.id}/auto-enrolments`,
      `/scim-settings/${one.setting.id}`,
      `/scim-settings/${one.setting.id}/tokens`,
      `/enrolments?groupId=${group?.id}`,
    ])
      expect((await call("GET", `${two.base}${path}`)).status, path).toBe(404);
    const body = { items: [] };
    expect((await call("PUT", `${two.base}/target-groups/${group?.id}/auto-enrolments`, body)).status).toBe(404);
    expect((await call("POST", `${two.base}/scim-settings/${one.setting.id}/pause`)).status).toBe(404);
    expect((await call("DELETE", `${two.base}/scim-settings/${one.setting.id}`)).status).toBe(404);
  });
});

describe("the change feed", () => {
  it("wakes a waiting reader when a user arrives", async () => {
    const { base, arrive, readChanges } = await open();
    const after = (await readChanges("0")).at(-1)?.cursor;
    const waiting = call<List<Change>>("GET", `${base}/changes?after=${after}&wait=10`);
    await arrive("ada", "Sales");
    expect((await waiting).json.items.map((change) => change.type)).toContain("user.created");
  });
});
