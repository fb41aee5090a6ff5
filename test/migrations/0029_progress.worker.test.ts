import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { PRESENT_FORM } from "../../src/platform/stored-row-forms.ts";
import { newId } from "../../src/platform/uuid.ts";

import { insert } from "../management-api/fill-company.ts";

const KEY = 2 ** 32;

/** A company of before whose people are, and were, enrolled in something. */
async function insertOld(): Promise<void> {
  await insert("companies", {
    ...{ company_key: 1, id: "c", name: "Old", next_key: 99, created_at: 1, stored_form: PRESENT_FORM },
  });
  await insert("target_groups", {
    ...{ target_group_key: KEY + 1, company_key: 1, id: "t", name: "Sales", name_key: "sales", source: "manual" },
    ...{ member_count: 0, created_at: 1 },
  });
  const item = { kind: "training", item_id: "basics", name: "Basics" };
  await insert("auto_enrolments", { company_key: 1, target_group_key: KEY + 1, created_at: 1, ...item });
  for (const [n, status] of ["withdrawn", "withdrawn", "active"].entries())
    await insert("enrolments", {
      ...{ enrolment_key: KEY + 10 + n, company_key: 1, id: newId(n), person_key: "ada@x.test", user_key: KEY + 2 },
      ...{ user_id: "u", started_at: 1, status, withdrawn_at: status === "active" ? null : 2, ...item },
    });
}

it("a filled database loses no enrolment, each is open or over as before, and nothing is due or completed", async () => {
  await reset();
  const place = env.MIGRATIONS.findIndex(({ name }) => name.includes("0029_progress"));
  expect(place).toBeGreaterThan(0);
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, place));
  await insertOld();
  await applyD1Migrations(env.DB, env.MIGRATIONS);
  const { results } = await env.DB.prepare(
    "SELECT status, progress_status AS progress, due_at AS due, is_overdue AS overdue, given FROM enrolments ORDER BY 1",
  ).all();
  const rest = { progress: null, due: null, overdue: 0, given: 1 };
  expect(results).toEqual(["active", "withdrawn", "withdrawn"].map((status) => ({ status, ...rest })));
  expect(await env.DB.prepare("SELECT enrolments_due_at AS at FROM companies").first("at")).toBeNull();

  // Of one person two open ones in one item are refused, as ever.
  const open =
    "INSERT INTO enrolments (enrolment_key, company_key, id, person_key, user_key, user_id, kind, item_id, name, status, started_at) VALUES";
  const twice = env.DB.prepare(
    `${open} (${KEY + 20}, 1, 'z', 'ada@x.test', 1, 'u', 'training', 'basics', 'B', 'active', 1)`,
  );
  await expect(twice.run()).rejects.toThrow("UNIQUE");
});
