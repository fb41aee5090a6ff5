import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { newId } from "../../src/platform/uuid.ts";
import { insert } from "../management-api/fill-company.ts";
import { must } from "../safety/populated-company.ts";
import { operate } from "../scim-api/scim-client.ts";

const KEY = 2 ** 32;

it("a filled database loses no row, and nobody in it is in shadow", async () => {
  await reset();
  const place = env.MIGRATIONS.findIndex(({ name }) => name.includes("0025_shadow"));
  expect(place).toBeGreaterThan(0);
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, place));
  const company = { company_key: 1 };
  const [companyId, settingId] = [newId(1), newId(2)];
  await insert("companies", { ...company, id: companyId, name: "Old", next_key: 99, created_at: 1 });
  await insert("scim_settings", {
    ...{ setting_key: KEY + 1, ...company, id: settingId, name: "S", provider: "other", status: "active" },
    ...{ criteria: "idp", active_users: 3, created_at: 1 },
  });
  for (const [n, name] of ["ada", "bea", "cem"].entries())
    await insert("users", {
      ...{ user_key: KEY + 10 + n, ...company, setting_key: KEY + 1, id: newId(10 + n), user_name: name },
      ...{ user_name_key: name, active: 1, document: `{"userName":"${name}"}`, version: 1 },
      ...{ created_at: 1, updated_at: 1 },
    });
  await applyD1Migrations(env.DB, env.MIGRATIONS);

  const path = `/companies/${companyId}`;
  const setting = must(await operate("GET", `${path}/scim-settings/${settingId}`), 200);
  expect(setting).toMatchObject({ status: "active", shadow: null });
  const { items } = must(await operate("GET", `${path}/target-users`), 200);
  expect(items.map(({ userName }: { userName: string }) => userName)).toEqual(["ada", "bea", "cem"]);
});
