import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { purgeLog } from "../../src/log/purge-log.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { newId } from "../../src/platform/uuid.ts";
import { insert } from "../management-api/fill-company.ts";
import { must } from "../safety/populated-company.ts";
import { operate } from "../scim-api/scim-client.ts";

const KEY = 2 ** 32;
const HOUR = 3_600_000;

it("what was logged before is listed, found, exported, erased and purged beside what is logged since", async () => {
  await reset();
  const place = env.MIGRATIONS.findIndex(({ name }) => name.includes("request_log"));
  expect(place).toBeGreaterThan(0);
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, place));
  const now = Date.now();
  const [companyId, settingId, userId] = [newId(1), newId(2), newId(3)];
  await insert("companies", { company_key: 1, id: companyId, name: "Old", next_key: 100, created_at: 1 });
  await insert("scim_settings", {
    ...{ setting_key: KEY + 1, company_key: 1, id: settingId, name: "S", provider: "other", status: "active" },
    ...{ criteria: "none", active_users: 1, created_at: 1 },
  });
  await insert("users", {
    ...{ user_key: KEY + 2, company_key: 1, setting_key: KEY + 1, id: userId, user_name: "zoe", user_name_key: "zoe" },
    ...{ active: 1, document: '{"userName":"zoe","active":true}', version: 1, created_at: 1, updated_at: 1 },
  });
  const rows = [
    { method: "GET", path: '/Users?filter=userName eq "zoe"', label: "zoe", status: 200, resource_id: null },
    { method: "POST", path: "/Users", label: "zoe", status: 201, resource_id: userId },
    { method: "PATCH", path: `/Users/${userId}`, label: null, status: 409, resource_id: userId },
  ];
  const ids: string[] = [];
  for (const [index, row] of rows.entries()) {
    const time = now - 5 * HOUR + index;
    const id = newId(time);
    ids.unshift(id);
    await insert("provisioning_log", {
      ...{ company_key: 1, setting_key: KEY + 1, id, time, duration: 1, resource_type: "User", ...row },
      request_body: index === 1 ? '{"userName":"zoe"}' : null,
    });
  }
  await applyD1Migrations(env.DB, env.MIGRATIONS);
  const log = `/companies/${companyId}/scim-settings/${settingId}/log`;
  const list = async (query = "") => {
    const { items } = must(await operate("GET", `${log}${query}`), 200);
    return items.map(({ id }: { id: string }) => id);
  };
  expect(await list()).toEqual(ids);
  expect(await list("?outcome=failure")).toEqual(ids.slice(0, 1));
  expect(await list(`?resourceId=${userId}`)).toEqual(ids.slice(0, 2));
  const first = must(await operate("GET", `${log}?limit=2`), 200);
  expect(await list(`?limit=2&cursor=${first.nextCursor}`)).toEqual(ids.slice(2));
  const entry = must(await operate("GET", `/companies/${companyId}/log/${ids[1]}`), 200);
  expect(entry).toMatchObject({ label: "zoe", requestBody: '{"userName":"zoe"}', responseBody: null });
  const exported = must(await operate("GET", `/companies/${companyId}/target-users/${userId}/export`), 200);
  expect(exported.requests.map(({ id }: { id: string }) => id)).toEqual(ids.toReversed());
  must(await operate("DELETE", `/companies/${companyId}/scim-settings/${settingId}?users=remove`), 204);
  await vi.waitFor(async () => {
    const { results } = await env.DB.prepare("SELECT * FROM provisioning_log WHERE setting_key = ?")
      .bind(KEY + 1)
      .all();
    expect(results).toHaveLength(3);
    expect(JSON.stringify(results)).not.toContain("zoe");
  });
  expect(await purgeLog(openRegistry(env), now - 4 * HOUR)).toBe(3);
});
