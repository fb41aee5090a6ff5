import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { GroupSettingsInput } from "../../src/settings/setting.ts";
import type { FollowUpKind } from "../../src/unit/company-config.ts";
import type { Operation } from "../../src/writer/operation.ts";
import {
  addSetting,
  type Bench,
  Client,
  finishFollowUps,
  newBench,
  requestOf,
  requireOutcome,
  targetMembers,
} from "./bench.ts";

const LOCALITY = 'addresses[type eq "work"].locality';
const BY_LOC: GroupSettingsInput = { criteria: "field", field: "loc", targetGroupName: "All" };

/** Everything the tables hold of a company's people: rows, reasons for groups, enrolments. */
async function peopleOf({ companyId }: Bench): Promise<unknown> {
  const company = "(SELECT company_key FROM companies WHERE id = ?)";
  const results = await env.DB.batch(
    [
      `SELECT * FROM users WHERE company_key = ${company} ORDER BY user_key`,
      `SELECT t.* FROM users u JOIN target_group_members t USING (user_key) WHERE company_key = ${company}
       ORDER BY t.user_key, t.target_group_key, t.kind`,
      `SELECT * FROM enrolments WHERE company_key = ${company} ORDER BY enrolment_key`,
    ].map((sql) => env.DB.prepare(sql).bind(companyId)),
  );
  return results.map(({ results: rows }) => rows);
}

async function keyOf(
  table: "scim_settings" | "target_groups" | "groups",
  bench: Bench,
  name?: string,
): Promise<number> {
  const [key, label] = {
    scim_settings: ["setting_key", "name"] as const,
    target_groups: ["target_group_key", "name"] as const,
    groups: ["group_key", "display_name"] as const,
  }[table];
  const found = await env.DB.prepare(
    `SELECT t.${key} AS found FROM ${table} t JOIN companies c USING (company_key)
     WHERE c.id = ?1 AND (?2 IS NULL OR t.${label} = ?2)`,
  )
    .bind(bench.companyId, name ?? null)
    .first<number>("found");
  return found ?? 0;
}

async function countReplans({ companyId }: Bench): Promise<number> {
  const sql = "SELECT count(*) AS n FROM replans JOIN companies USING (company_key) WHERE companies.id = ?";
  return (await env.DB.prepare(sql).bind(companyId).first<number>("n")) ?? 0;
}

function write(bench: Bench, operation: object) {
  return bench.writer.write(requestOf(operation as Operation, { actor: "operator" }));
}

async function idOfGroup(bench: Bench, name: string): Promise<string> {
  const key = await keyOf("target_groups", bench, name);
  const id = await env.DB.prepare("SELECT id FROM target_groups WHERE target_group_key = ?").bind(key).first("id");
  return String(id);
}

async function enrolIn(bench: Bench, name: string, ...ids: string[]): Promise<void> {
  const items = ids.map((id) => ({ kind: "training", id, name: id }));
  requireOutcome(await write(bench, { kind: "setAutoEnrolments", targetGroupId: await idOfGroup(bench, name), items }));
  await finishFollowUps(bench.writer);
}

/** A company whose people were grouped by a field of its own and enrolled, and whose setting is there still. */
async function grouped() {
  const bench = await newBench({ criteria: "none", targetGroupName: "All" });
  for (const key of ["loc", "spare"])
    requireOutcome(await write(bench, { kind: "createField", field: { key, label: key, type: "text" } }));
  const fieldMappings = [
    { field: "loc", path: LOCALITY },
    { field: "spare", path: "nickName" },
  ];
  const { settingId } = bench;
  requireOutcome(await write(bench, { kind: "updateSetting", settingId, fieldMappings, groupSettings: BY_LOC }));
  const client = new Client(bench.writer, settingId);
  const at = (locality: string) => ({ addresses: [{ type: "work", locality }] });
  const ada = await client.user("ada", "Sales", at("Berlin"));
  await client.user("bob", "Legal", at("Oslo"));
  await enrolIn(bench, "Berlin", "basics");
  await enrolIn(bench, "All", "welcome");
  const deleteSetting = async () => {
    requireOutcome(await write(bench, { kind: "deleteSetting", settingId, users: "keep" }));
    await finishFollowUps(bench.writer);
  };
  return { bench, client, ada, deleteSetting };
}

describe("people kept when their setting was deleted", () => {
  it("stay as they are when the field they were grouped by is to go, which is refused and says who has it", async () => {
    const { bench, deleteSetting } = await grouped();
    await deleteSetting();
    const before = await peopleOf(bench);
    const refused = await write(bench, { kind: "deleteField", key: "loc" });
    expect(refused).toMatchObject({ ok: false, status: 409, code: "in_use" });
    expect(refused).toMatchObject({ detail: expect.stringMatching(/"loc".*2 people.*deleted SCIM setting "S"/s) });
    await finishFollowUps(bench.writer);
    expect(await peopleOf(bench)).toEqual(before);
    expect(await targetMembers(bench.companyId)).toEqual({ All: ["ada", "bob"], Berlin: ["ada"], Oslo: ["bob"] });
  });

  it("are not those who go with their setting: from its deletion on nobody can change them, though their rows are still there", async () => {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    const userId = await new Client(bench.writer, bench.settingId).user("ada");
    requireOutcome(await write(bench, { kind: "deleteSetting", settingId: bench.settingId, users: "remove" }));
    const edit = { kind: "editTargetUser" as const, userId, fields: { firstName: "Kept" } };
    for (const operation of [edit, { kind: "removeTargetUser" as const, userId }])
      expect(await write(bench, operation), operation.kind).toMatchObject({
        ok: false,
        status: 409,
        code: "being_removed",
      });
    await finishFollowUps(bench.writer);
    expect(await targetMembers(bench.companyId)).toEqual({ All: [] });
  });

  it("do not keep a field that none of them has a value of, nor are they touched when it goes", async () => {
    const { bench, deleteSetting } = await grouped();
    await deleteSetting();
    const before = await peopleOf(bench);
    requireOutcome(await write(bench, { kind: "deleteField", key: "spare" }));
    await finishFollowUps(bench.writer);
    expect(await peopleOf(bench)).toEqual(before);
  });

  it.each<FollowUpKind>([
    "regroupUsers",
    "mirrorGroups",
    "releaseMirrors",
    "moveMembers",
    "releaseMirror",
    "enrolMembers",
  ])("are not touched by work of the kind %s that their setting left", async (kind) => {
    const bench = await newBench({ criteria: "idp", targetGroupName: "All" });
    const client = new Client(bench.writer, bench.settingId);
    const ada = await client.user("ada", "Sales");
    await client.group("Crew", [ada]);
    await client.group("Empty");
    await enrolIn(bench, "Crew", "basics");
    const { settingId } = bench;
    const fieldMappings = [{ field: "department", path: "title" }];
    const groupSettings = { criteria: "field", field: "department" };
    const regrouping = { kind: "updateSetting", settingId, fieldMappings, groupSettings };
    // The rules say something else now, and nobody has carried it out.
    requireOutcome(await write(bench, regrouping));
    requireOutcome(await write(bench, { kind: "deleteSetting", settingId, users: "keep" }));
    const sql = "DELETE FROM replans WHERE company_key = (SELECT company_key FROM companies WHERE id = ?)";
    await env.DB.prepare(sql).bind(bench.companyId).run();
    const [setting, group, mirror] = [
      await keyOf("scim_settings", bench),
      await keyOf("groups", bench, "Crew"),
      await keyOf("target_groups", bench, "Crew"),
    ];
    const scopes = { regroupUsers: setting, mirrorGroups: setting, releaseMirrors: setting, moveMembers: group };
    const scope = { ...scopes, releaseMirror: mirror, enrolMembers: mirror }[kind as "regroupUsers"];
    await env.DB.prepare(
      `INSERT INTO replans (replan_key, company_key, kind, scope_key, cause, created_at)
         SELECT company_key << 32 | 99999, company_key, ?, ?, ?, 0 FROM companies WHERE id = ?`,
    )
      .bind(kind, scope, JSON.stringify(requestOf(regrouping as Operation).cause), bench.companyId)
      .run();
    const before = await peopleOf(bench);
    await finishFollowUps(bench.another());
    expect(await peopleOf(bench)).toEqual(before);
    expect(await targetMembers(bench.companyId)).toMatchObject({ All: ["ada"], Crew: ["ada"] });
    expect(await countReplans(bench)).toBe(0);
  });

  it("stay as they stood when a change of their setting was under way", async () => {
    const { bench, deleteSetting } = await grouped();
    const { settingId } = bench;
    const fieldMappings = [{ field: "department", path: "title" }];
    const change = { kind: "updateSetting", settingId, fieldMappings, groupSettings: { criteria: "idp" } };
    requireOutcome(await write(bench, change));
    const before = await peopleOf(bench);
    await deleteSetting();
    expect(await peopleOf(bench)).toEqual(before);
  });
});

describe("people kept, when something of their setting or groups changes", () => {
  it("lose no more than its value when a field was deleted just before their setting", async () => {
    const { bench, deleteSetting } = await grouped();
    const { settingId } = bench;
    const groupSettings = { criteria: "field", field: "department" };
    requireOutcome(await write(bench, { kind: "updateSetting", settingId, groupSettings }));
    await finishFollowUps(bench.writer);
    const members = await targetMembers(bench.companyId);
    requireOutcome(await write(bench, { kind: "deleteField", key: "loc" }));
    await deleteSetting();
    const company = "(SELECT company_key FROM companies WHERE id = ?)";
    const rows = await env.DB.prepare(`SELECT custom_fields FROM users WHERE company_key = ${company}`)
      .bind(bench.companyId)
      .all<{ custom_fields: string }>();
    for (const { custom_fields } of rows.results) expect(custom_fields).not.toContain("loc");
    const told = await env.DB.prepare(
      `SELECT count(*) AS n FROM changes WHERE company_key = ${company} AND type = 'user.updated' AND data->'$.changed.loc' IS NOT NULL`,
    )
      .bind(bench.companyId)
      .first("n");
    expect(told).toBe(2);
    expect(await targetMembers(bench.companyId)).toEqual(members);
  });

  it("stay in their groups whatever becomes of other settings that feed the same ones", async () => {
    const bench = await newBench({ criteria: "idp" });
    const client = new Client(bench.writer, bench.settingId);
    await client.group("Eng", [await client.user("ada")]);
    await enrolIn(bench, "Eng", "basics");
    requireOutcome(await write(bench, { kind: "deleteSetting", settingId: bench.settingId, users: "keep" }));
    const before = await peopleOf(bench);
    const other = await addSetting(bench.writer, { criteria: "idp" });
    const second = new Client(bench.writer, other);
    const group = await second.group("Eng");
    requireOutcome(await second.patchGroup(group, { op: "Replace", path: "displayName", value: "Engineers" }));
    requireOutcome(await second.putGroup(group, "Eng"));
    requireOutcome(await second.deleteGroup(group));
    const groupSettings = { criteria: "none", targetGroupName: "Others" };
    requireOutcome(await write(bench, { kind: "updateSetting", settingId: other, groupSettings }));
    requireOutcome(await write(bench, { kind: "deleteSetting", settingId: other, users: "remove" }));
    await finishFollowUps(bench.writer);
    expect(await peopleOf(bench)).toEqual(before);
    expect(await targetMembers(bench.companyId)).toMatchObject({ Eng: ["ada"] });
  });

  it("are members still: what their groups enrol in begins and ends for them", async () => {
    const { bench, deleteSetting } = await grouped();
    await deleteSetting();
    await enrolIn(bench, "Berlin", "second");
    const { results } = await env.DB.prepare(
      `SELECT item_id, status FROM enrolments JOIN users u USING (user_key) JOIN companies c ON c.company_key = u.company_key
       WHERE c.id = ? AND user_name = 'ada' ORDER BY item_id`,
    )
      .bind(bench.companyId)
      .all();
    expect(results).toEqual([
      { item_id: "basics", status: "withdrawn" },
      { item_id: "second", status: "active" },
      { item_id: "welcome", status: "active" },
    ]);
  });
});
