import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Reads } from "../../src/companies/split-long-reads.ts";
import { compileMappings, deriveUser } from "../../src/directory/derive-user-fields.ts";
import type { Preview, Proposal } from "../../src/grouping/preview-regrouping.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { runRead } from "../../src/platform/read-batch.ts";
import { previewChange } from "../../src/previews/preview-change.ts";
import { dialectFor } from "../../src/settings/dialect-of-provider.ts";
import { type Field, mergeMappings, STANDARD_FIELDS } from "../../src/settings/fields.ts";
import { USUAL_SAFEGUARDS } from "../../src/settings/safeguards.ts";
import type { Setting } from "../../src/settings/setting.ts";
import { draw } from "../generated-cases.ts";
import { fillCompany, insert } from "../management-api/fill-company.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const LEVEL: Field = { key: "level", label: "Level", type: "number", standard: false, path: null };
const REMOTE: Field = { key: "remote", label: "Remote", type: "boolean", standard: false, path: null };
const MAPPINGS = mergeMappings([
  { field: "level", path: "title" },
  { field: "remote", path: "nickName" },
]);
const COMPILED = compileMappings(MAPPINGS, [...STANDARD_FIELDS, LEVEL, REMOTE]);

interface Person {
  active: boolean;
  department: string | null;
  level: string | null;
  remote: string | null;
  /** Which target groups, and by which of: this setting, another one, by hand. */
  held: [group: number, by: "setting" | "other" | "manual"][];
  groups: number[];
}

/** A company with people in the state a generator gives, in the setting under test and beside it. */
async function makeCompany(people: readonly Person[]) {
  const filled = await fillCompany();
  const { company, setting } = filled;
  const other = await filled.addSetting();
  const company_key = company.key;
  for (const { key, label, type } of [LEVEL, REMOTE])
    await insert("custom_fields", { company_key, field_key: key, label, type, created_at: 1 });
  const targets: number[] = [];
  for (const name of ["Sales", "7", "true", "Everyone"]) targets.push((await filled.addTargetGroup(name)).key);
  const groups = [setting.key + 1_000, setting.key + 1_001, setting.key + 1_002];
  for (const [index, group_key] of groups.entries())
    await insert("groups", {
      ...{ group_key, company_key, setting_key: setting.key, id: `g${group_key}`, document: "{}" },
      ...{ display_name: `Team ${index}`, display_name_key: `team ${index}`, version: 1, created_at: 1, updated_at: 1 },
      target_group_key: index === 0 ? (targets[0] ?? null) : null,
    });
  for (const [index, person] of people.entries()) await addPerson(index, person);
  await filled.addUser("elsewhere", { setting_key: other.key, department: "Sales" });
  return { company, setting, other, scheduleFollowUp };

  async function addPerson(index: number, { active, department, level, remote, held, groups: memberOf }: Person) {
    const userName = `person${index}`;
    const document = { userName, active, title: level, nickName: remote, [ENTERPRISE]: { department } };
    const derived = deriveUser(document, COMPILED);
    const user = await filled.addUser(userName, {
      active: active ? 1 : 0,
      department: derived.department,
      custom_fields: JSON.stringify(derived.customFields),
      document: JSON.stringify(document),
    });
    for (const [group, by] of new Map(held.map((each) => [String(each), each])).values())
      await insert("target_group_members", {
        ...{ target_group_key: targets[group] ?? 0, user_key: user.key, kind: by === "manual" ? "manual" : "everyone" },
        ...{ setting_key: by === "manual" ? 0 : (by === "other" ? other : setting).key, source_key: 0, detail: "" },
        added_at: 1,
      });
    for (const group of new Set(memberOf))
      await insert("group_members", { group_key: groups[group] ?? 0, user_key: user.key });
  }

  /** While a change is being applied the columns do not count: every user is planned from its document. */
  async function scheduleFollowUp() {
    const replan_key = setting.key + 2_000;
    await insert("replans", {
      ...{ replan_key, company_key, kind: "regroupUsers", scope_key: setting.key, cause: "{}", created_at: 1 },
    });
  }
}

function settingOf({ key, id }: { key: number; id: string }): Setting {
  const groupSettings = { targetGroupKey: null, targetGroupScope: "everyone", criteria: "idp", field: null } as const;
  const dialect = dialectFor("entra");
  const brake = { safeguards: USUAL_SAFEGUARDS, expected: null, heirOf: null, shadow: null };
  return {
    ...{ key, id, name: "Entra", provider: "entra", status: "active", mappings: MAPPINGS },
    ...{ groupSettings, dialect, ...brake },
  };
}

/** Statements that read few people each, so that there are several. */
const READS: Reads = {
  run: (read) => runRead(openRegistry(env), read({ rows: 70, bytes: 16_384 })),
  once: (read) => runRead(openRegistry(env), read),
};

/** All pages of a preview, and the counts that each of them told. */
async function readAll(companyKey: number, setting: Setting, proposal: Proposal, limit: number) {
  const pages: Preview[] = [];
  for (let start: number | null = 0; start !== null; ) {
    const page: Preview = await previewChange(READS, companyKey, setting, proposal, {
      limit,
      start,
    });
    pages.push(page);
    start = page.next;
  }
  return pages;
}

const person: fc.Arbitrary<Person> = fc.record({
  active: fc.boolean(),
  department: fc.constantFrom(null, "", "Sales", " sales ", "7", "Ünï \"q\" 'x'"),
  level: fc.constantFrom(null, "7", "1e3", "none"),
  remote: fc.constantFrom(null, "true", "False", "maybe"),
  held: fc.array(fc.tuple(fc.nat(3), fc.constantFrom("setting" as const, "other" as const, "manual" as const)), {
    maxLength: 3,
  }),
  groups: fc.array(fc.nat(2), { maxLength: 3 }),
});

const groupSettings: fc.Arbitrary<Proposal["groupSettings"]> = fc.record({
  targetGroupName: fc.constantFrom("Everyone", "New", " sales"),
  targetGroupScope: fc.constantFrom("everyone" as const, "ungrouped" as const),
  criteria: fc.constantFrom("none" as const, "field" as const, "idp" as const),
  field: fc.constantFrom("department", "level", "remote", "lastName"),
});

describe("previewRegrouping", () => {
  it("gives the same, page by page, by profiles as by planning every user from its document", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(person, { maxLength: 12 }),
        groupSettings,
        fc.integer({ min: 1, max: 5 }),
        async (...given) => {
          const [people, proposed, limit] = given;
          const { company, setting, scheduleFollowUp } = await makeCompany(people);
          const proposal = { mappings: MAPPINGS, groupSettings: proposed };
          const byProfiles = await readAll(company.key, settingOf(setting), proposal, limit);
          await scheduleFollowUp();
          expect(byProfiles).toEqual(await readAll(company.key, settingOf(setting), proposal, limit));
          const shown = byProfiles.flatMap(({ changes }) => changes);
          expect(byProfiles[0]?.joins).toBe(shown.filter(({ action }) => action === "join").length);
          expect(byProfiles[0]?.leaves).toBe(shown.filter(({ action }) => action === "leave").length);
        },
      ),
      draw(25),
    );
  });

  it("trusts the stored fields only while they are what the proposal reads and no change is being applied", async () => {
    const { company, setting, scheduleFollowUp } = await makeCompany([
      { active: true, department: "Sales", level: "5", remote: null, held: [], groups: [] },
    ]);
    await env.DB.prepare("UPDATE users SET department = 'Stored' WHERE setting_key = ?").bind(setting.key).run();
    const namesBy = async (mappings: Proposal["mappings"]) => {
      const proposal = { mappings, groupSettings: { criteria: "field" as const, field: "department" } };
      const [page] = await readAll(company.key, settingOf(setting), proposal, 10);
      return page?.changes.map(({ groupName }) => groupName);
    };
    expect(await namesBy(MAPPINGS)).toEqual(["Stored"]);
    expect(await namesBy(mergeMappings([{ field: "firstName", path: "title" }]))).toEqual(["Stored"]);
    expect(await namesBy(mergeMappings([{ field: "department", path: "title" }]))).toEqual(["5"]);
    await scheduleFollowUp();
    expect(await namesBy(MAPPINGS)).toEqual(["Sales"]);
  });

  it("plans every user where nearly each has a value of its own", async () => {
    const { company, setting } = await makeCompany([]);
    await env.DB.prepare(
      `INSERT INTO users (user_key, company_key, setting_key, id, user_name, user_name_key, active, department, document,
         version, created_at, updated_at)
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2100)
       SELECT ?2 + 10000 + i, ?1, ?2, 'u' || i, 'u' || i, 'u' || i, 1, 'D' || i,
         json_object('userName', 'u' || i, '${ENTERPRISE}', json_object('department', 'D' || i)), 1, 1, 1 FROM n`,
    )
      .bind(company.key, setting.key)
      .run();
    const proposal = { mappings: MAPPINGS, groupSettings: { criteria: "field" as const, field: "department" } };
    const page = { limit: 2, start: 2098 };
    const preview = await previewChange(READS, company.key, settingOf(setting), proposal, page);
    expect(preview).toMatchObject({ joins: 2100, leaves: 0, next: null });
    expect(preview.changes.map(({ groupName }) => groupName)).toEqual(["D2099", "D2100"]);
  });
});
