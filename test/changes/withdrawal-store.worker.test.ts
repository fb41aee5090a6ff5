import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { selectWithdrawals } from "../../src/changes/withdrawal-store.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { runRead } from "../../src/platform/read-batch.ts";
import { Client, newBench } from "../writer/bench.ts";

const AT = 5_000_000_000_000;

it.each(["first", "last"])(
  "tells that somebody was set inactive, also of one who left thousands of groups with it, told %s",
  async (told) => {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    const ada = await new Client(bench.writer, bench.settingId).user("ada");
    const company = env.DB.prepare("SELECT company_key AS key, change_seq AS seq FROM companies WHERE id = ?");
    const { key, seq } = (await company.bind(bench.companyId).first<{ key: number; seq: number }>()) ?? {
      key: 0,
      seq: 0,
    };
    const cause = JSON.stringify({ requestId: "r", actor: "scim", settingId: bench.settingId, provider: "other" });
    const insert = (rows: string, ...values: unknown[]) =>
      env.DB.prepare(
        `INSERT INTO changes (company_key, seq, type, time, subject_kind, subject_id, user_id, data, cause) ${rows}`,
      )
        .bind(key, seq, AT, cause, ...values)
        .run();
    const place = told === "first" ? 1 : 3_002;
    await insert("VALUES (?1, ?2 + ?6, 'enrolment.withdrawn', ?3, 'enrolment', 'e', ?5, '{}', ?4)", ada, place);
    await insert(
      `WITH RECURSIVE n(x) AS (SELECT 2 UNION ALL SELECT x + 1 FROM n WHERE x < 3000)
     SELECT ?1, ?2 + x, 'member.removed', ?3, 'target_group', 'g', ?5, '{"groupId":"g","groupName":"G"}', ?4 FROM n`,
      ada,
    );
    await insert("VALUES (?1, ?2 + 3001, 'user.deactivated', ?3, 'user', ?5, NULL, '{}', ?4)", ada);
    await env.DB.prepare("UPDATE companies SET change_seq = change_seq + 3002 WHERE company_key = ?").bind(key).run();
    const asked = [{ id: "e", userId: ada, at: AT }];
    const found = await runRead(openRegistry(env), selectWithdrawals(key, asked));
    expect(found.get("e")).toMatchObject({ actor: "scim", left: "inactive" });
    expect(found.get("e")?.groups).toHaveLength(2_000);
  },
);
