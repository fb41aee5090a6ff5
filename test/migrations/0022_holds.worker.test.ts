import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { newId } from "../../src/platform/ids.ts";
import { USUAL_SAFEGUARDS } from "../../src/settings/safeguards.ts";
import { insert } from "../management-api/fill-company.ts";
import { must } from "../safety/populated-company.ts";
import { operate } from "../scim-api/scim-client.ts";
import { Client, newWriter, requireOutcome, targetMembers } from "../writer/bench.ts";

const KEY = 2 ** 32;

it("a filled database loses no row, and its settings have the usual safeguards from then on", async () => {
  await reset();
  const place = env.MIGRATIONS.findIndex(({ name }) => name.includes("0022_holds"));
  expect(place).toBeGreaterThan(0);
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, place));
  const company = { company_key: 1 };
  const [companyId, settingId] = [newId(1), newId(2)];
  await insert("companies", { ...company, id: companyId, name: "Old", next_key: 99, created_at: 1 });
  const group = { target_group_key: KEY + 2, ...company, id: newId(3), name: "All", name_key: "all" };
  await insert("target_groups", { ...group, source: "everyone", member_count: 12, created_at: 1 });
  await insert("scim_settings", {
    ...{ setting_key: KEY + 1, ...company, id: settingId, name: "S", provider: "other", status: "active" },
    ...{ criteria: "none", target_group_key: KEY + 2, active_users: 12, created_at: 1 },
  });
  const ids = Array.from({ length: 12 }, (_, n) => newId(10 + n));
  for (const [n, id] of ids.entries()) {
    const user_key = KEY + 10 + n;
    await insert("users", {
      ...{ user_key, ...company, setting_key: KEY + 1, id, user_name: `p${n}`, user_name_key: `p${n}` },
      ...{ active: 1, document: `{"userName":"p${n}","active":true}`, version: 1, created_at: 1, updated_at: 1 },
    });
    await insert("target_group_members", {
      ...{ target_group_key: KEY + 2, user_key, kind: "everyone", setting_key: KEY + 1, source_key: 0 },
      ...{ detail: "", added_at: 1 },
    });
  }
  await applyD1Migrations(env.DB, env.MIGRATIONS);

  const setting = must(await operate("GET", `/companies/${companyId}/scim-settings/${settingId}`), 200);
  expect(setting).toMatchObject({ safeguards: USUAL_SAFEGUARDS, expected: null });
  expect((await targetMembers(companyId)).All).toHaveLength(12);
  const client = new Client(newWriter(companyId), settingId);
  for (const id of ids) requireOutcome(await client.patchUser(id, { op: "replace", path: "active", value: false }));
  expect((await targetMembers(companyId)).All).toHaveLength(2);
  const { items } = must(await operate("GET", `/companies/${companyId}/holds?status=open`), 200);
  expect(items).toMatchObject([{ kind: "leavers", people: 2 }]);
});
