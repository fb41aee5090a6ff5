import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { newId } from "../../src/platform/uuid.ts";
import { insert } from "../management-api/fill-company.ts";
import { operate } from "../scim-api/scim-client.ts";

it("a setting that was there before keeps members and shows pagination, whatever its provider, until it is told otherwise", async () => {
  await reset();
  const place = env.MIGRATIONS.findIndex(({ name }) => name.includes("dialect"));
  expect(place).toBeGreaterThan(0);
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, place));
  const [companyId, settingId] = [newId(1), newId(2)];
  await insert("companies", { company_key: 1, id: companyId, name: "Old", next_key: 9, created_at: 1 });
  await insert("scim_settings", {
    ...{ setting_key: 2 ** 32 + 1, company_key: 1, id: settingId, name: "S", provider: "other", status: "active" },
    ...{ criteria: "idp", created_at: 1 },
  });
  await applyD1Migrations(env.DB, env.MIGRATIONS);
  const path = `/companies/${companyId}/scim-settings/${settingId}`;
  expect((await operate("GET", path)).json.dialect).toEqual({ putWithoutMembers: "keep", showPagination: true });
  const changed = await operate("PATCH", path, { dialect: { putWithoutMembers: "empty" } });
  expect(changed.json.dialect).toEqual({ putWithoutMembers: "empty", showPagination: true });
});
