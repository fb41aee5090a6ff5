import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { listCompanies } from "../../src/companies/company-store.ts";
import { copyToRegistry } from "../../src/companies/copy-to-registry.ts";
import { openDatabase } from "../../src/platform/database.ts";

const row = (key: number, id: string, name: string, shard: string, deletedAt = "NULL") =>
  `INSERT INTO companies (company_key, id, name, shard, created_at, deleted_at) VALUES (${key}, '${id}', '${name}', '${shard}', 0, ${deletedAt})`;

it("companies of a second database from before are found by their names once the cron has run", async () => {
  await reset();
  const place = env.MIGRATIONS.findIndex(({ name }) => name.includes("names_in_registry"));
  expect(place).toBeGreaterThan(0);
  for (const database of [env.DB, env.DB2]) await applyD1Migrations(database, env.MIGRATIONS.slice(0, place));
  await env.DB.batch(
    [row(1, "near", "Near", "DB"), row(2, "far", "", "DB2"), row(3, "gone", "", "DB2")].map((sql) =>
      env.DB.prepare(sql),
    ),
  );
  await env.DB2.batch([row(2, "far", "Far", "DB2"), row(3, "gone", "", "DB2", "5")].map((sql) => env.DB2.prepare(sql)));
  for (const database of [env.DB, env.DB2]) await applyD1Migrations(database, env.MIGRATIONS);
  const named = async (name: string) =>
    (await listCompanies(env, { take: 10, after: null }, { name })).map(({ id }) => id);
  expect([await named("Near"), await named("Far")]).toEqual([["near"], []]);
  expect(await copyToRegistry(env, openDatabase(env, { shard: "DB2" }))).toBe(1);
  expect([await named("Near"), await named("Far")]).toEqual([["near"], ["far"]]);
  expect((await listCompanies(env, { take: 10, after: null })).map(({ name }) => name)).toEqual(["Near", "Far"]);
});
