import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { newId } from "../../src/platform/uuid.ts";
import { insert } from "../management-api/fill-company.ts";
import { must } from "../safety/populated-company.ts";
import { operate } from "../scim-api/scim-client.ts";

const KEY = 2 ** 32;
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

it("rows of before are read, found by person and erased beside those of now, and none is rewritten", async () => {
  await reset();
  const place = env.MIGRATIONS.findIndex(({ name }) => name.includes("lean_rows"));
  expect(place).toBeGreaterThan(0);
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, place));
  const [companyId, settingId, userId] = [newId(1), newId(2), newId(3)];
  await insert("companies", {
    ...{ company_key: 1, id: companyId, name: "Old", next_key: 100, change_seq: 2, created_at: 1 },
  });
  await insert("scim_settings", {
    ...{ setting_key: KEY + 1, company_key: 1, id: settingId, name: "S", provider: "other", status: "active" },
    ...{ criteria: "none", active_users: 1, created_at: 1 },
  });
  await insert("users", {
    ...{ user_key: KEY + 2, company_key: 1, setting_key: KEY + 1, id: userId, user_name: "zoe", user_name_key: "zoe" },
    ...{ active: 1, document: `{"userName":"zoe","active":true,"${ENTERPRISE}":{"costCenter":"7"}}`, version: 1 },
    ...{ extensions: `["${ENTERPRISE}"]`, created_at: 1, updated_at: 1 },
  });
  const cause = { requestId: newId(4), actor: "scim", settingId, provider: "entra", rule: null };
  const fields = { email: null, firstName: null, lastName: null, department: null, phoneNumber: null };
  const known = { userName: "zoe", status: "active", fields, externalId: null, displayName: null, settingId };
  const told = [
    { type: "user.created", data: { ...known, personId: "a".repeat(22) } },
    { type: "user.updated", data: { userName: "zoe", changed: { userName: { old: "zoë", new: "zoe" } } } },
  ];
  for (const [index, { type, data }] of told.entries())
    await insert("changes", {
      ...{ company_key: 1, seq: index + 1, type, time: Date.now(), subject_kind: "user", subject_id: userId },
      ...{ user_id: userId, data: JSON.stringify(data), cause: JSON.stringify(cause), mark: "0123456789ab" },
    });
  const before = await env.DB.prepare("SELECT * FROM changes").all();
  await applyD1Migrations(env.DB, env.MIGRATIONS);
  const empty = { request_id: null, setting_key: null, provider: null, rule: null };
  const after = await env.DB.prepare("SELECT * FROM changes").all();
  expect(after.results).toEqual(before.results.map((row) => ({ ...row, ...empty })));

  const base = `/companies/${companyId}`;
  const feed = async () => must(await operate("GET", `${base}/changes`), 200).items;
  const subject = { kind: "user", id: userId };
  expect(await feed()).toMatchObject(told.map((change) => ({ ...change, subject, cause })));
  // The setting's provider is another one by now; what it was then is kept.
  must(await operate("PATCH", `${base}/scim-settings/${settingId}`, { provider: "okta" }), 200);
  const setting = must(await operate("POST", `${base}/scim-settings/${settingId}/tokens`, {}), 201);
  expect(setting.secret).toMatch(/^rcl_/);
  const exported = must(await operate("GET", `${base}/target-users/${userId}/export`), 200);
  expect(exported.changes.map(({ type }: { type: string }) => type)).toEqual(["user.created", "user.updated"]);
  must(await operate("DELETE", `${base}/scim-settings/${settingId}?users=remove`), 204);
  const { results } = await env.DB.prepare("SELECT data FROM changes WHERE user_id = ?").bind(userId).all();
  expect(results).toEqual([
    { data: `{"status":"active","settingId":"${settingId}","erased":true}` },
    { data: '{"erased":true}' },
  ]);
  const [first] = await feed();
  expect(first.cause).toEqual(cause);
});
