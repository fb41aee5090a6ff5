import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { selectCommitNo } from "../../src/companies/read-at-one-moment.ts";
import type { Reads } from "../../src/companies/split-long-reads.ts";
import { runRead } from "../../src/platform/read-batch.ts";
import { KEY_SPAN } from "../../src/platform/row-keys.ts";
import { previewChange, previewRemoval } from "../../src/previews/preview-change.ts";
import { dialectFor } from "../../src/settings/dialect-of-provider.ts";
import { mergeMappings } from "../../src/settings/fields.ts";
import { USUAL_SAFEGUARDS } from "../../src/settings/safeguards.ts";
import type { Setting } from "../../src/settings/setting.ts";
import { fillCompany } from "../management-api/fill-company.ts";
import { RecordingD1 } from "../writer/recording-d1.ts";

/** People of the setting, each beside one of another setting. */
const PEOPLE = 3_000;
const ROWS = 100;
const MAPPINGS = mergeMappings([]);
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** A company of so many people, all in one target group, and what its previews read. */
async function open() {
  const filled = await fillCompany();
  const { company, setting } = filled;
  const other = await filled.addSetting();
  const all = await filled.addTargetGroup("All");
  await filled.addTargetGroup("Empty");
  const first = company.key * KEY_SPAN + 10_000;
  await env.DB.batch([
    env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?5)
       INSERT INTO users (user_key, company_key, setting_key, id, user_name, user_name_key, active, department, document, version,
         created_at, updated_at)
       SELECT ?1 + i, ?2, iif(i % 2, ?3, ?4), 'u' || (?1 + i), 'u' || i, 'u' || i, 1, 'Team ' || (i % 8),
         json_object('userName', 'u' || i, '${ENTERPRISE}', json_object('department', 'Team ' || (i % 8))), 1, 1, 1 FROM n`,
    ).bind(first, company.key, setting.key, other.key, 2 * PEOPLE),
    env.DB.prepare(
      `INSERT INTO target_group_members (target_group_key, user_key, kind, setting_key, source_key, detail, added_at)
       SELECT ?1, user_key, 'everyone', setting_key, 0, '', 1 FROM users WHERE setting_key = ?2`,
    ).bind(all.key, setting.key),
    env.DB.prepare("UPDATE target_groups SET member_count = ?2 WHERE target_group_key = ?1").bind(all.key, PEOPLE),
  ]);
  const recorder = new RecordingD1(env.DB);
  const database = { d1: recorder.d1 };
  const reads: Reads = {
    run: (read) => runRead(database, read({ rows: ROWS, bytes: 16_384 })),
    once: (read) => runRead(database, read),
  };
  return { company, setting, recorder, reads };
}

function settingOf({ key, id }: { key: number; id: string }): Setting {
  const groupSettings = { targetGroupKey: null, targetGroupScope: "everyone", criteria: "none", field: null } as const;
  const brake = { safeguards: USUAL_SAFEGUARDS, expected: null, heirOf: null, shadow: null };
  return {
    ...{ key, id, name: "Entra", provider: "entra", status: "active", mappings: MAPPINGS },
    ...{ groupSettings, dialect: dialectFor("entra"), ...brake },
  };
}

const PROPOSAL = {
  mappings: MAPPINGS,
  groupSettings: { targetGroupName: "All", targetGroupScope: "ungrouped", criteria: "field", field: "department" },
} as const;
const PAGE = { limit: 10, start: 5 };

/** Expects that no statement of `recorder` read more rows than that. */
function expectBounded(recorder: RecordingD1, rows: number): void {
  const [worst] = recorder.statements.toSorted((left, right) => right.rowsRead - left.rowsRead);
  expect(worst?.rowsRead, worst?.sql).toBeLessThan(rows);
}

describe("no statement of a preview reads more of a company's people than it may", () => {
  it("by the removal of a setting's people", async () => {
    const { company, setting, recorder, reads } = await open();
    expect(await previewRemoval(reads, company.key, setting.key)).toMatchObject({
      ...{ joins: 0, leaves: PEOPLE, groups: { new: 0, emptied: 1 } },
    });
    expect(recorder.statements.length).toBeGreaterThan((2 * PEOPLE) / ROWS);
    // Of persons 500 are read at a time, with all their users and enrolments.
    expectBounded(recorder, 5_000);
  });

  it("by another grouping", async () => {
    const { company, setting, recorder, reads } = await open();
    const preview = await previewChange(reads, company.key, settingOf(setting), PROPOSAL, PAGE);
    expect(preview).toMatchObject({ joins: PEOPLE, leaves: PEOPLE, groups: { new: 4, emptied: 1 } });
    expect(preview.changes).toHaveLength(PAGE.limit);
    expectBounded(recorder, 16 * ROWS);
  });

  it("and counts all of one moment, though others write between its statements", async () => {
    const { company, setting, reads } = await open();
    let runs = 0;
    const disturbed: Reads = {
      once: reads.once,
      run: async (read) => {
        const found = await reads.run(read);
        runs += 1;
        if (runs === 3)
          await env.DB.batch([
            env.DB.prepare("DELETE FROM users WHERE setting_key = ?1 AND user_name IN ('u1', 'u5999')").bind(
              setting.key,
            ),
            env.DB.prepare("UPDATE companies SET commit_no = commit_no + 1 WHERE company_key = ?").bind(company.key),
          ]);
        return found;
      },
    };
    const before = await reads.once(selectCommitNo(company.key));
    const preview = await previewChange(disturbed, company.key, settingOf(setting), PROPOSAL, PAGE);
    expect(await reads.once(selectCommitNo(company.key))).toBe(before + 1);
    expect(preview.joins).toBe(PEOPLE - 2);
  });
});
