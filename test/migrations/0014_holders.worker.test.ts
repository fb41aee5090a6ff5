import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { CompanyWriter } from "../../src/writer/company-writer.ts";
import { type Bench, Client, finishFollowUps, requireOutcome, targetMembers } from "../writer/bench.ts";
import { setByHand } from "../writer/target-side.ts";
import { UNHEARD } from "../writer/unheard.ts";

const KEY = 2 ** 32;
const SETTING = KEY + 1;

/** Rows as they were written before target groups knew what they are kept as, and users when they left. */
const ROWS = [
  `INSERT INTO companies (company_key, id, name, next_key, created_at) VALUES (1, 'c', 'Old', 1000, 0)`,
  `INSERT INTO scim_settings (setting_key, company_key, id, name, provider, status, criteria, active_users, inactive_users, group_count, created_at)
   VALUES (${SETTING}, 1, 's', 'S', 'other', 'active', 'idp', 2, 1, 1, 0)`,
  ...["ada", "bo", "cy"].map(
    (
      name,
      n,
    ) => `INSERT INTO users (user_key, company_key, setting_key, id, user_name, user_name_key, active, document, version, created_at, updated_at)
     VALUES (${KEY + 10 + n}, 1, ${SETTING}, '${name}', '${name}', '${name}', ${n < 2 ? 1 : 0}, '{"userName":"${name}"}', 1, 0, 0)`,
  ),
  `INSERT INTO groups (group_key, company_key, setting_key, id, display_name, display_name_key, document, member_count, target_group_key, version, created_at, updated_at)
   VALUES (${KEY + 20}, 1, ${SETTING}, 'g', 'Crew', 'crew', '{"displayName":"Crew"}', 1, ${KEY + 30}, 1, 0, 0)`,
  `INSERT INTO group_members (group_key, user_key) VALUES (${KEY + 20}, ${KEY + 10})`,
  ...["idp Crew", "idp Left", "field Sales"].map((text, n) => {
    const [source = "", name = ""] = text.split(" ");
    return `INSERT INTO target_groups (target_group_key, company_key, id, name, name_key, source, member_count, created_at)
      VALUES (${KEY + 30 + n}, 1, 't${n}', '${name}', '${name.toLowerCase()}', '${source}', ${n === 0 ? 2 : 1}, 0)`;
  }),
  `INSERT INTO target_group_members (target_group_key, user_key, kind, setting_key, source_key, detail, added_at)
   VALUES (${KEY + 30}, ${KEY + 10}, 'idp', ${SETTING}, ${KEY + 20}, 'Crew', 0)`,
  ...[0, 1, 2].map(
    (
      n,
    ) => `INSERT INTO target_group_members (target_group_key, user_key, kind, setting_key, source_key, detail, added_at)
     VALUES (${KEY + 30 + n}, ${KEY + 11}, 'manual', 0, 0, '', 0)`,
  ),
];

it("a company that was there before: mirrors go with their last holder and follow their group, others stay", async () => {
  await reset();
  const place = env.MIGRATIONS.findIndex(({ name }) => name.includes("holders"));
  expect(place).toBeGreaterThan(0);
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, place));
  await env.DB.batch(ROWS.map((sql) => env.DB.prepare(sql)));
  await applyD1Migrations(env.DB, env.MIGRATIONS);

  const writer = new CompanyWriter({ ...UNHEARD, d1: env.DB, companyId: "c", clock: Date.now });
  const bench: Bench = { companyId: "c", settingId: "s", writer, another: () => writer };
  const client = new Client(writer, "s");
  expect(await targetMembers("c")).toEqual({ Crew: ["ada", "bo"], Left: ["bo"], Sales: ["bo"] });
  for (const value of [true, false, true])
    requireOutcome(await client.patchUser("cy", { op: "replace", path: "active", value }));
  requireOutcome(await client.putGroup("g", "Staff"));
  for (const name of ["Staff", "Left", "Sales"]) await setByHand(bench, name, ["bo"], false);
  await finishFollowUps(writer);
  expect(await targetMembers("c")).toEqual({ Sales: [], Staff: ["ada"] });
});
