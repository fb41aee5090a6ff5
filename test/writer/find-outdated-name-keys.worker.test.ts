import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { Client, finishFollowUps, newBench } from "./bench.ts";
import { moveFence } from "./foreign-commit.ts";
import { hookD1 } from "./hooked-d1.ts";
import { forgetForm } from "./old-company.ts";
import { namesIn, OF_COMPANY } from "./old-twins.ts";

describe("many rows", () => {
  it("are brought along in bounded commits, each person at once", async () => {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    await new Client(bench.writer, bench.settingId).user("ada");
    const many = 900;
    await env.DB.prepare(
      `INSERT INTO users (user_key, company_key, setting_key, id, user_name, user_name_key, email, email_key, active, document, version, created_at, updated_at)
       SELECT u.user_key + 1000 + n.value, u.company_key, u.setting_key, 'many' || n.value, 'ß' || n.value, 'ß' || n.value,
         'ß' || (n.value / 2) || '@x.test', 'ß' || (n.value / 2) || '@x.test', 1, '{"userName":"ß' || n.value || '","emails":[{"value":"ß' || (n.value / 2) || '@x.test"}]}', 1, 0, 0
       FROM users u, json_each(?2) n WHERE u.company_key = (SELECT company_key FROM companies WHERE id = ?1)`,
    )
      .bind(bench.companyId, JSON.stringify(Array.from({ length: many }, (_, n) => n)))
      .run();
    await env.DB.prepare("UPDATE companies SET next_key = 5000 WHERE id = ?").bind(bench.companyId).run();
    await moveFence(bench.companyId);
    await forgetForm(bench.companyId);
    const renamed: number[] = [];
    const count = async () => {
      const sql = `SELECT count(*) AS n FROM users WHERE ${OF_COMPANY} AND (user_name_key LIKE 'ss%' OR email_key LIKE 'ss%')`;
      renamed.push(Number(await env.DB.prepare(sql).bind(bench.companyId).first("n")));
    };
    await finishFollowUps(bench.another({ d1: hookD1(env.DB, { afterCommit: count }) }));
    expect(renamed.at(-1)).toBe(many);
    expect(Math.max(...renamed.map((n, index) => n - (renamed[index - 1] ?? 0)))).toBeLessThanOrEqual(200);
    const people = await namesIn(bench.companyId, "users", ["user_key", "email", "email_key"]);
    expect(people.slice(1).every(({ name, key }) => key === name.replace("ß", "ss"))).toBe(true);
  });
});
