import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { listLog } from "../../src/log/log-list-store.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { newId } from "../../src/platform/uuid.ts";
import { getPage, signInAdmin } from "../console/sign-in-to.ts";
import { insert } from "../management-api/fill-company.ts";

const KEY = 2 ** 32;

it("a filled database loses no row; what was refused is found by its status, and people by their display names", async () => {
  await reset();
  const place = env.MIGRATIONS.findIndex(({ name }) => name.includes("0033_log_and_names"));
  expect(place).toBeGreaterThan(0);
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, place));
  const [id, settingId] = [newId(1), newId(2)];
  const company = { name: "Old", next_key: 99, created_at: 1, stored_form: 7, commit_no: 3 };
  await insert("companies", { company_key: 1, id, ...company, commit_id: "c1", stored_form_commit: "c1" });
  await insert("scim_settings", {
    ...{ setting_key: KEY + 1, company_key: 1, id: settingId, name: "Entra", provider: "entra", status: "active" },
    ...{ criteria: "none", created_at: 1, active_users: 1 },
  });
  await insert("users", {
    ...{ user_key: KEY + 2, company_key: 1, setting_key: KEY + 1, id: newId(3), user_name: "u1", user_name_key: "u1" },
    ...{ display_name: "Countess of Ärger", active: 1, document: "{}", version: 1, created_at: 1, updated_at: 1 },
  });
  const refused: string[] = [];
  for (const status of [200, 409, 404, 409]) {
    const logged = newId(1_000 + refused.length);
    if (status === 409) refused.unshift(logged);
    await insert("request_log", {
      ...{
        setting_key: KEY + 1,
        lane: 0,
        id: logged,
        time: 1_000,
        method: "POST",
        path: "/Users",
        status,
        duration: 1,
      },
    });
  }
  await applyD1Migrations(env.DB, env.MIGRATIONS);
  expect(await env.DB.prepare("SELECT count(*) AS n FROM request_log").first("n")).toBe(4);
  const answered = () => Promise.reject(new Error("an index answers this"));
  const page = { take: 9, after: null };
  const asked = { search: "", status: 409 };
  const { rows } = await listLog(openRegistry(env), 1, { id: settingId }, asked, page, answered);
  expect(rows.map((row) => row.id).sort()).toEqual(refused.sort());
  const cookie = await signInAdmin(1);
  for (const q of ["countess", "of Ärger", "OF"])
    expect(
      await (await getPage(`/console/companies/${id}/people?${new URLSearchParams({ q })}`, cookie)).text(),
    ).toContain("u1");
});
