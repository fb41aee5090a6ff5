import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { newId } from "../../src/platform/uuid.ts";
import { insert } from "../management-api/fill-company.ts";
import { must } from "../safety/populated-company.ts";
import { operate } from "../scim-api/scim-client.ts";

const KEY = 2 ** 32;

it("a filled database loses no row, and what a group stops to enrol in from now on can be undone", async () => {
  await reset();
  const place = env.MIGRATIONS.findIndex(({ name }) => name.includes("0035_stopped_items"));
  expect(place).toBeGreaterThan(0);
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, place));
  const [id, groupId] = [newId(1), newId(2)];
  const company = { name: "Old", next_key: 99, created_at: 1, stored_form: 7, commit_no: 3 };
  await insert("companies", { company_key: 1, id, ...company, commit_id: "c1", stored_form_commit: "c1" });
  const group = { target_group_key: KEY + 1, company_key: 1, id: groupId, name: "Old", name_key: "old" };
  await insert("target_groups", { ...group, source: "manual", created_at: 1 });
  const item = { company_key: 1, target_group_key: KEY + 1, kind: "training", item_id: "basics", name: "Basics" };
  await insert("auto_enrolments", { ...item, created_at: 1, due_in_days: 9 });
  await applyD1Migrations(env.DB, env.MIGRATIONS);
  const path = `/companies/${id}/target-groups/${groupId}/auto-enrolments`;
  expect(must(await operate("GET", path), 200).items).toHaveLength(1);
  must(await operate("PUT", path, []), 200);
  const { results } = await env.DB.prepare("SELECT item_id, due_in_days, undone_at FROM stopped_items").all();
  expect(results).toEqual([{ item_id: "basics", due_in_days: 9, undone_at: null }]);
});
