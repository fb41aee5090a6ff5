import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Env } from "../../src/platform/env.ts";
import { rowKey } from "../../src/platform/row-keys.ts";
import { parseToken, secretMatches } from "../../src/settings/token.ts";
import { findTokenRouting } from "../../src/settings/token-routing.ts";
import type { ConfigurationOperation, NewToken, WriteResult } from "../../src/writer/operation.ts";
import { apiWith } from "./call-api.ts";
import { fillCompany, insert } from "./fill-company.ts";

interface Made {
  id: string;
  token: { id: string; secret: string; lastFour: string };
}
const INPUT = { name: "Entra", provider: "entra", groupSettings: { criteria: "idp" } };

/** A company whose writer keeps settings and tokens, and remembers what it was asked. */
async function settingsOf(overrides: Partial<Env> = {}) {
  const filled = await fillCompany();
  const { company, setting } = filled;
  const operations: ConfigurationOperation[] = [];
  const addToken = (settingKey: number, token: NewToken) =>
    insert("tokens", {
      setting_key: settingKey,
      id: token.id,
      last_four: token.lastFour,
      created_at: 1,
      expires_at: token.expiresAt,
    });
  const write = async (operation: ConfigurationOperation): Promise<WriteResult> => {
    operations.push(operation);
    if (operation.kind === "createSetting") {
      const made = await filled.addSetting({ id: operation.id, setting_key: rowKey(company.key, 500) });
      if (operation.token !== undefined) await addToken(rowKey(company.key, 500), operation.token);
      return { ok: true, outcome: { kind: "done", id: made.id, key: rowKey(company.key, 500) } };
    }
    if (operation.kind === "createToken") await addToken(setting.key, operation.token);
    return { ok: true, outcome: { kind: "done" } };
  };
  const base = `/companies/${company.id}/scim-settings`;
  return { ...filled, operations, base, api: apiWith(write, overrides) };
}

describe("a new SCIM setting", () => {
  it("answers with a token that works and whose secret is kept nowhere", async () => {
    const { api, base, company } = await settingsOf();
    const answer = await api<Made>("POST", base, INPUT);
    expect(answer).toMatchObject({
      status: 201,
      json: { tenantUrl: "http://rollcall.test/scim/v2", provider: "entra" },
    });
    const { id, token } = answer.json;
    const parts = parseToken(token.secret);
    expect(parts?.id).toBe(token.id);
    expect(token.secret.endsWith(token.lastFour)).toBe(true);
    const routing = await findTokenRouting(env, token.id);
    expect(routing).toMatchObject({
      companyId: company.id,
      companyKey: company.key,
      settingId: id,
      settingKey: rowKey(company.key, 500),
      expiresAt: null,
    });
    expect(await secretMatches(parts?.secret ?? "", routing?.hash ?? "")).toBe(true);
    expect(JSON.stringify(await api("GET", `${base}/${id}`))).not.toContain(token.secret);
    expect(JSON.stringify(await api("GET", `${base}/${id}/tokens`))).not.toContain(token.secret);
  });

  it("is refused with the reason when a path, a field or a target group does not exist", async () => {
    const { api, base, operations } = await settingsOf();
    const answer = await api("POST", base, {
      ...INPUT,
      fieldMappings: [{ field: "department", path: "name.nickname" }],
      groupSettings: { criteria: "field", field: "colour", targetGroupId: "none" },
    });
    expect(answer).toMatchObject({
      status: 400,
      json: {
        errors: [
          { pointer: "/fieldMappings/0/path" },
          { pointer: "/groupSettings/field" },
          { pointer: "/groupSettings/targetGroupId" },
        ],
      },
    });
    expect(operations).toEqual([]);
  });

  it("tries KV again when it fails, and says what to do when it goes on failing", async () => {
    let failures = 2;
    const put = async (...args: [string, string]) => {
      failures -= 1;
      if (failures >= 0) throw new Error("KV is away");
      return env.TOKENS.put(...args);
    };
    // The two methods that token routing uses.
    const tokens = { put, delete: (key: string) => env.TOKENS.delete(key) } as unknown as KVNamespace;
    const { api, base } = await settingsOf({ TOKENS: tokens });
    const answer = await api<Made>("POST", base, INPUT);
    expect(answer.status).toBe(201);
    expect(await findTokenRouting(env, answer.json.token.id)).not.toBeNull();
    failures = 100;
    const setting = await api("POST", `${base}/${answer.json.id}/tokens`, {});
    expect(setting.status).toBe(503);
  });
});

describe("a SCIM setting", () => {
  it("hands a change to the writer only when the whole still fits", async () => {
    const { api, base, company, addSetting, operations } = await settingsOf();
    await insert("custom_fields", {
      company_key: company.key,
      field_key: "site",
      label: "S",
      type: "text",
      created_at: 0,
    });
    const setting = await addSetting({ criteria: "field", criteria_field: "site" });
    await insert("field_mappings", { setting_key: setting.key, field_key: "site", path: "title" });
    const unmapped = await api("PATCH", `${base}/${setting.id}`, { fieldMappings: [] });
    expect(unmapped).toMatchObject({ status: 400, json: { errors: [{ pointer: "/groupSettings/field" }] } });
    expect(operations).toEqual([]);
    const change = { fieldMappings: [], groupSettings: { criteria: "idp", targetGroupScope: "everyone" } };
    expect((await api("PATCH", `${base}/${setting.id}`, change)).status).toBe(200);
    expect(operations).toEqual([{ kind: "updateSetting", settingId: setting.id, ...change }]);
    expect((await api("POST", `${base}/${setting.id}/preview`, change)).json).toMatchObject({ joins: 0, changes: [] });
  });

  it("is deleted keeping its users, or removing them when asked in the query or in the body", async () => {
    const { api, base, setting, operations } = await settingsOf();
    await api("DELETE", `${base}/${setting.id}`);
    await api("DELETE", `${base}/${setting.id}?users=remove`);
    expect(operations.map((operation) => "users" in operation && operation.users)).toEqual(["keep", "remove"]);
    expect((await api("DELETE", `${base}/${setting.id}?users=forget`)).status).toBe(400);
    // One place for each parameter: what stands elsewhere is refused, not passed over.
    expect((await api("DELETE", `${base}/${setting.id}`, { users: "remove" })).status).toBe(400);
  });

  it("gets no token, nor is it made, while there is no secret to seal tokens with", async () => {
    const { base, setting } = await settingsOf();
    const unexpected = () => {
      throw new Error("nothing may be written");
    };
    const bare = apiWith(unexpected, { SESSION_SECRET: "" });
    const [path, body] = [
      `${base}/${setting.id}/tokens`,
      { name: "S", provider: "okta", groupSettings: { criteria: "idp" } },
    ];
    for (const answer of [await bare("POST", path), await bare("POST", base, body)])
      expect(answer).toMatchObject({ status: 503, json: { detail: expect.stringContaining("SESSION_SECRET") } });
  });

  it("has tokens that expire when told, and lose their routing when revoked", async () => {
    const { api, base, setting, operations } = await settingsOf();
    const path = `${base}/${setting.id}/tokens`;
    const made = await api<Made["token"]>("POST", path, { expiresAt: "2100-01-01T00:00:00Z" });
    expect(made).toMatchObject({ status: 201, json: { expiresAt: "2100-01-01T00:00:00.000Z", revokedAt: null } });
    expect(await findTokenRouting(env, made.json.id)).toMatchObject({ expiresAt: Date.UTC(2100, 0, 1) });
    expect((await api("POST", path)).status).toBe(201);
    for (const never of ["2000-01-01T00:00:00Z", "9999-12-31T00:00:00Z"])
      expect((await api("POST", path, { expiresAt: never })).status).toBe(400);
    expect((await api("DELETE", `${path}/${made.json.id}`)).status).toBe(204);
    expect(operations.at(-1)).toEqual({ kind: "revokeToken", settingId: setting.id, tokenId: made.json.id });
    expect(await findTokenRouting(env, made.json.id)).toBeNull();
    expect((await api("DELETE", `${path}/unknown`)).status).toBe(404);
  });
});

describe("fields", () => {
  it("are the standard ones with their paths, then the company's own", async () => {
    const { api, company, operations } = await settingsOf();
    const path = `/companies/${company.id}/fields`;
    const made = await api("POST", path, { key: "site", label: "Site", type: "text" });
    expect(made).toMatchObject({ status: 201, json: { key: "site", standard: false, path: null } });
    expect(operations).toEqual([{ kind: "createField", field: { key: "site", label: "Site", type: "text" } }]);
    await insert("custom_fields", {
      company_key: company.key,
      field_key: "site",
      label: "S",
      type: "text",
      created_at: 0,
    });
    const { json } = await api<{ items: unknown[] }>("GET", path);
    expect(json.items).toHaveLength(6);
    expect(json.items[0]).toEqual({ key: "email", label: "Email", type: "text", standard: true, path: "emails" });
    expect((await api("DELETE", `${path}/site`)).status).toBe(204);
    expect((await api("DELETE", `${path}/email`)).status).toBe(409);
    expect((await api("DELETE", `${path}/unknown`)).status).toBe(404);
  });
});
