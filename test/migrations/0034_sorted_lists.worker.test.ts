import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { COMPANY_ORDERS, listCompanies } from "../../src/companies/company-store.ts";
import { newId } from "../../src/platform/uuid.ts";
import { getPage, signInAdmin } from "../console/sign-in-to.ts";
import { insert } from "../management-api/fill-company.ts";

const KEY = 2 ** 32;
const NAMES = ["beta", "Alpha", "alpha", "Gamma", "Ärzte"];

it("a filled database loses no row; people are sorted by department, and companies by name", async () => {
  await reset();
  const place = env.MIGRATIONS.findIndex(({ name }) => name.includes("0034_sorted_lists"));
  expect(place).toBeGreaterThan(0);
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, place));
  const settled = {
    next_key: 99,
    created_at: 1,
    stored_form: 7,
    commit_no: 3,
    commit_id: "c1",
    stored_form_commit: "c1",
  };
  const ids = NAMES.map((_, index) => newId(index + 1));
  for (const [index, name] of NAMES.entries())
    await insert("companies", { company_key: index + 1, id: ids[index] ?? "", name, ...settled });
  await insert("companies", { company_key: 9, id: newId(9), name: "Gone", ...settled, deleted_at: 1 });
  await insert("scim_settings", {
    ...{ setting_key: KEY + 1, company_key: 1, id: newId(20), name: "Entra", provider: "entra", status: "active" },
    ...{ criteria: "none", created_at: 1, active_users: 3 },
  });
  for (const [index, department] of ["Sales", null, "engineering"].entries())
    await insert("users", {
      ...{ user_key: KEY + 2 + index, company_key: 1, setting_key: KEY + 1, id: newId(30 + index), department },
      ...{ user_name: `u${index}`, user_name_key: `u${index}` },
      ...{ active: 1, document: "{}", version: 1, created_at: 1, updated_at: 1 },
    });
  await applyD1Migrations(env.DB, env.MIGRATIONS);
  const cookie = await signInAdmin(1);
  const shown = async (sort: string) => {
    const page = await (await getPage(`/console/companies/${ids[0]}/people?sort=${sort}`, cookie)).text();
    return [...page.matchAll(/people\/[0-9a-f-]{36}">(u\d)</g)].map(([, name]) => name);
  };
  expect(await shown("department")).toEqual(["u2", "u0", "u1"]);
  expect(await shown("-department")).toEqual(["u0", "u2", "u1"]);

  const byName = [1, 2, 0, 3, 4].map((index) => NAMES[index]);
  const expected = { made: NAMES, "-made": [...NAMES].reverse(), name: byName, "-name": [...byName].reverse() };
  for (const order of COMPANY_ORDERS) {
    const walk = async (isBack: boolean, from: number | null) => {
      const seen: { key: number; name: string }[] = [];
      for (let at = from; ; at = seen.at(-1)?.key ?? null) {
        const page = isBack ? { take: 2, after: null, before: at } : { take: 2, after: at };
        const rows = await listCompanies(env, page, {}, order);
        seen.push(...rows);
        if (rows.length < 2) return seen;
      }
    };
    const forwards = await walk(false, null);
    expect(
      forwards.map(({ name }) => name),
      order,
    ).toEqual(expected[order]);
    const back = await walk(true, forwards.at(-1)?.key ?? null);
    expect(
      back.map(({ name }) => name),
      order,
    ).toEqual([...expected[order]].reverse().slice(1));
  }
  const plan = await env.DB.prepare(
    "EXPLAIN QUERY PLAN SELECT name FROM companies WHERE deleted_at IS NULL ORDER BY name COLLATE NOCASE, company_key LIMIT 51",
  ).all<{ detail: string }>();
  expect(plan.results.map(({ detail }) => detail).join()).toMatch(/companies_by_name_in_order(?!.*TEMP B-TREE)/);
});
