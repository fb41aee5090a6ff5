import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { purgeChanges, readRetention } from "../../src/changes/purge-changes.ts";
import { database, hookCompany } from "../webhooks/hooked-company.ts";

async function seqsOf(companyKey: number): Promise<number[]> {
  const { results } = await env.DB.prepare("SELECT seq FROM changes WHERE company_key = ? ORDER BY seq")
    .bind(companyKey)
    .all<{ seq: number }>();
  return results.map(({ seq }) => seq);
}

describe("the retention of the feed", () => {
  it("takes what is older from the old end of each company's feed, and nothing out of its middle", async () => {
    const [one, other] = [await hookCompany(), await hookCompany()];
    for (const { addChanges } of [one, other]) await addChanges(1, 6);
    const setTime = env.DB.prepare("UPDATE changes SET time = ? WHERE company_key = ? AND seq = ?");
    const times = [10, 20, 200, 30, 300, 400];
    await env.DB.batch(times.map((time, index) => setTime.bind(time, one.company.key, index + 1)));
    expect(await purgeChanges(database, 100)).toBe(2 + 6);
    expect(await seqsOf(one.company.key)).toEqual([3, 4, 5, 6]);
    expect(await seqsOf(other.company.key)).toEqual([]);
    expect(await purgeChanges(database, 100)).toBe(0);
  });

  it("takes a long feed in pieces", async () => {
    const { company } = await hookCompany();
    await env.DB.prepare(
      `INSERT INTO changes (company_key, seq, type, time, subject_kind, subject_id, data, cause)
       WITH RECURSIVE n (seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM n WHERE seq < 12001)
       SELECT ?, seq, 'user.created', seq, 'user', 'u', '{}', '{}' FROM n`,
    )
      .bind(company.key)
      .run();
    expect(await purgeChanges(database, 12_001)).toBeGreaterThanOrEqual(12_000);
    expect(await seqsOf(company.key)).toEqual([12_001]);
  });

  it("is 90 days when not set, and refuses what is no number of days", () => {
    expect(readRetention(undefined)).toBe(90 * 86_400_000);
    expect(readRetention("0.5")).toBe(43_200_000);
    for (const days of ["x", "0", "-1", "Infinity"]) expect(() => readRetention(days)).toThrow("CHANGE_RETENTION_DAYS");
  });
});
