import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { newId } from "../../src/platform/uuid.ts";
import { getPage, signInAdmin } from "../console/sign-in-to.ts";
import { insert } from "../management-api/fill-company.ts";
import { newWriter, requestOf, requireOutcome } from "../writer/bench.ts";

const KEY = 2 ** 32;

it("a filled database loses no row; what people are enrolled in shows at once, and how many are with the next commit", async () => {
  await reset();
  const place = env.MIGRATIONS.findIndex(({ name }) => name.includes("0032_trainings"));
  expect(place).toBeGreaterThan(0);
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, place));
  const [id, other] = [newId(1), newId(2)];
  const company = { name: "Old", next_key: 99, created_at: 1, stored_form: 7, commit_no: 3 };
  await insert("companies", { company_key: 1, id, ...company, commit_id: "c1", stored_form_commit: "c1" });
  await insert("companies", { company_key: 2, id: other, ...company, commit_id: "c2", stored_form_commit: "c2" });
  const item = { kind: "training", item_id: "basics", name: "Basics" };
  await insert("target_groups", {
    ...{ target_group_key: KEY + 1, company_key: 1, id: newId(3), name: "All", name_key: "all", source: "manual" },
    ...{ member_count: 0, created_at: 1 },
  });
  await insert("auto_enrolments", { company_key: 1, target_group_key: KEY + 1, ...item, created_at: 1 });
  const enrolment = (companyKey: number, n: number, status: string) =>
    insert("enrolments", {
      ...{ enrolment_key: companyKey * KEY + 10 + n, company_key: companyKey, id: newId(10 + n), ...item, status },
      ...{ person_key: `p${n}`, user_key: companyKey * KEY + 50 + n, user_id: `u${n}`, started_at: 1 },
    });
  for (const n of [1, 2]) await enrolment(1, n, "active");
  await enrolment(1, 3, "withdrawn");
  await enrolment(2, 4, "active");
  await applyD1Migrations(env.DB, env.MIGRATIONS);
  expect(await env.DB.prepare("SELECT count(*) AS n FROM enrolments").first("n")).toBe(4);
  const cookie = await signInAdmin(1);
  const page = async () => (await getPage(`/console/companies/${id}/trainings`, cookie)).text();
  expect(await page()).toMatch(/Basics<\/a>.*<span class="soft">–<\/span>/s);
  expect(await page()).toContain("being counted");
  requireOutcome(await newWriter(id).write(requestOf({ kind: "changeCompany", name: "New" })));
  expect(await page()).not.toContain("being counted");
  expect((await env.DB.prepare("SELECT * FROM enrolled_items").all()).results).toEqual([
    { company_key: 1, ...item, active: 2, withdrawn: 1 },
  ]);
});
