import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { newId } from "../../src/platform/uuid.ts";
import { insert } from "../management-api/fill-company.ts";
import { must } from "../safety/populated-company.ts";
import { operate } from "../scim-api/scim-client.ts";
import { finishFollowUps, newWriter, targetMembers } from "../writer/bench.ts";

const KEY = 2 ** 32;

it("work that was left before goes on where it stood, and marks that nothing reads are gone", async () => {
  await reset();
  const place = env.MIGRATIONS.findIndex(({ name }) => name.includes("held_up_work"));
  expect(place).toBeGreaterThan(0);
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, place));
  const company = { company_key: 1 };
  const [companyId, settingId] = [newId(1), newId(2)];
  await insert("companies", { ...company, id: companyId, name: "Old", next_key: 99, created_at: 1 });
  await insert("target_groups", {
    ...{ target_group_key: KEY + 2, ...company, id: newId(3), name: "All", name_key: "all", source: "everyone" },
    created_at: 1,
  });
  await insert("scim_settings", {
    ...{ setting_key: KEY + 1, ...company, id: settingId, name: "S", provider: "other", status: "active" },
    ...{ criteria: "none", target_group_key: KEY + 2, active_users: 2, created_at: 1 },
  });
  for (const [index, name] of ["ada", "bea"].entries())
    await insert("users", {
      ...{ user_key: KEY + 10 + index, ...company, setting_key: KEY + 1, id: newId(10 + index), user_name: name },
      ...{
        user_name_key: name,
        active: 1,
        document: `{"userName":"${name}"}`,
        version: 1,
        created_at: 1,
        updated_at: 1,
      },
    });
  const cause = JSON.stringify({ requestId: "r", actor: "operator", settingId: null, provider: null });
  // It has been to the first of them.
  await insert("replans", {
    ...{ ...company, kind: "regroupUsers", scope_key: KEY + 1, after_user_key: KEY + 10, cause, created_at: 1 },
  });
  await insert("commit_marks", { ...company, commit_no: 1, commit_id: newId(4) });
  await applyD1Migrations(env.DB, env.MIGRATIONS);

  expect(must(await operate("GET", `/companies/${companyId}`), 200).heldUpWork).toEqual([]);
  await finishFollowUps(newWriter(companyId));
  expect(await targetMembers(companyId)).toEqual({ All: ["bea"] });
  expect(await env.DB.prepare("SELECT count(*) AS n FROM commit_marks").first("n")).toBe(0);
});
