import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { Rows } from "../../src/unit/loaded-and-changed-rows.ts";
import { Client, finishFollowUps, NO_BRAKE, newBench, requestOf, requireOutcome } from "./bench.ts";

const GROUPS = 2_000;
const MEMBERS = 40;

/** Puts target groups into a company that enrol in something else, each. */
async function addEnrollingGroups(companyId: string): Promise<void> {
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${GROUPS})`;
  await env.DB.batch(
    [
      `INSERT INTO target_groups (target_group_key, company_key, id, name, name_key, source, created_at)
       ${numbers} SELECT c.company_key * 4294967296 + 50000 + i, c.company_key, 'group-' || i, 'g' || i, 'g' || i, 'manual', 1
       FROM n, companies c WHERE c.id = ?1`,
      `INSERT INTO auto_enrolments (company_key, target_group_key, kind, item_id, name, created_at)
       ${numbers} SELECT c.company_key, c.company_key * 4294967296 + 50000 + i, 'training', 'item-' || i, 'Item ' || i, 1
       FROM n, companies c WHERE c.id = ?1`,
    ].map((sql) => env.DB.prepare(sql).bind(companyId)),
  );
}

it("withdraws without looking through the auto-enrolments of all target groups for each", async () => {
  const { companyId, settingId, writer, another } = await newBench({ criteria: "idp" }, NO_BRAKE);
  const client = new Client(writer, settingId);
  const ids: string[] = [];
  for (let n = 0; n < MEMBERS; n += 1) ids.push(await client.user(`user${n}`));
  const group = await client.group("Crew", ids);
  const id = await env.DB.prepare(
    "SELECT t.id FROM target_groups t JOIN companies c USING (company_key) WHERE c.id = ?",
  )
    .bind(companyId)
    .first<string>("id");
  const items = [{ kind: "training" as const, id: "course", name: "Course" }];
  requireOutcome(await writer.write(requestOf({ kind: "setAutoEnrolments", targetGroupId: id ?? "", items })));
  await finishFollowUps(writer);
  await addEnrollingGroups(companyId);
  const looks = vi.spyOn(Rows.prototype, "get");
  requireOutcome(await client.through(another()).putGroup(group, "Crew", []));
  const { length } = looks.mock.calls;
  looks.mockRestore();
  const withdrawn = env.DB.prepare(
    `SELECT count(*) AS n FROM enrolments e JOIN companies c USING (company_key)
     WHERE c.id = ? AND e.withdrawn_at IS NOT NULL AND e.name = 'Course'`,
  ).bind(companyId);
  expect(await withdrawn.first("n")).toBe(MEMBERS);
  expect(length).toBeLessThan(GROUPS);
});
