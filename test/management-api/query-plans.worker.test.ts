import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { apiWith } from "./call-api.ts";
import { fillCompany } from "./fill-company.ts";

/** Runs reads of the API and gives the plan steps of every query they made. */
async function planOf(paths: string[]): Promise<string[]> {
  const queries = new Set<string>();
  const watched = {
    prepare: (sql: string) => {
      queries.add(sql);
      return env.DB.prepare(sql);
    },
    batch: (statements: D1PreparedStatement[]) => env.DB.batch(statements),
  };
  // Drizzle and the stores call these two methods only.
  const api = apiWith(() => ({ ok: true, outcome: { kind: "done" } }), { DB: watched as unknown as D1Database });
  for (const path of paths) expect((await api("GET", path)).status, path).toBe(200);
  const plans = [...queries].map(async (sql) => {
    const explain = env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`).bind(...Array(countParameters(sql)).fill(null));
    const { results } = await explain.all<{ detail: string }>();
    return results.map((step) => `${step.detail} IN ${sql}`);
  });
  return (await Promise.all(plans)).flat();
}

/** `?` counts for each time it stands, `?3` for the highest number. */
function countParameters(sql: string): number {
  const numbered = [...sql.matchAll(/\?(\d+)/g)].map((match) => Number(match[1]));
  return numbered.length > 0 ? Math.max(...numbered) : sql.split("?").length - 1;
}

describe("the reads of the management API", () => {
  it("walk no table: every step is a search by key or index", async () => {
    const { company, setting, addUser, addTargetGroup, addLog, addReason, addEnrolment, addSetting } =
      await fillCompany();
    const shadow = await addSetting({ shadow_after: 0 });
    const user = await addUser("ada");
    const group = await addTargetGroup("Sales");
    await addReason(group.key, user.key, "manual");
    const enrolment = await addEnrolment(user.key, user.id);
    const log = await addLog();
    const base = `/companies/${company.id}`;
    const steps = await planOf([
      "/companies",
      `${base}/fields`,
      `${base}/scim-settings`,
      `${base}/scim-settings/${shadow.id}`,
      `${base}/scim-settings/${setting.id}/tokens`,
      `${base}/scim-settings/${setting.id}/log`,
      `${base}/scim-settings/${setting.id}/log?resourceId=r1`,
      `${base}/log/${log.id}`,
      `${base}/target-users`,
      `${base}/target-users/${user.id}`,
      `${base}/target-users/${user.id}/export`,
      `${base}/target-users?filter=userName eq "ada"`,
      `${base}/target-users?managed=true`,
      `${base}/target-users?managed=false`,
      `${base}/target-users?managed=false&filter=userName eq "ada"`,
      `${base}/target-groups`,
      `${base}/target-groups/${group.id}/members`,
      `${base}/target-groups/${group.id}/auto-enrolments`,
      `${base}/enrolments`,
      `${base}/enrolments?userId=${user.id}`,
      `${base}/enrolments?groupId=${group.id}`,
      `${base}/enrolments/${enrolment.id}`,
      `${base}/changes?after=0`,
      `${base}/changes?types=user.created`,
    ]);
    expect(steps.length).toBeGreaterThan(30);
    const scans = steps.filter(
      (step) =>
        step.startsWith("SCAN") &&
        !/^SCAN (json_each|[je] VIRTUAL TABLE|CONSTANT|\(subquery|own\b|page\b|x\b(?=.*request_log)|r\b(?=.*UNION ALL)|p\b|h\b|k\b|n\b|w\b)/s.test(
          step,
        ),
    );
    expect(scans).toEqual([]);
    // A company's whole feed is as long as a table.
    const ofUser = steps.filter((step) => /^SEARCH (changes|c) USING .*user_id/s.test(step));
    expect(ofUser.length).toBeGreaterThan(2);
    const indexed = /USING INDEX (changes_by_\w+ \(company_key=\? AND (?:user_id|<expr>)=\?)/;
    expect(new Set(ofUser.map((step) => indexed.exec(step)?.[1]))).toEqual(
      new Set(["changes_by_user (company_key=? AND user_id=?", "changes_by_person (company_key=? AND <expr>=?"]),
    );
    const byName = steps.filter((step) => step.includes("u.user_name_key =") && step.startsWith("SEARCH u "));
    expect(byName).toEqual([expect.stringContaining("users_by_name (setting_key=? AND user_name_key=?")]);
  });
});
