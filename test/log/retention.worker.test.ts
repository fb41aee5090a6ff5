import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { purgeLog, readLogRetention } from "../../src/log/retention.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { fillCompany } from "../management-api/fill-company.ts";

async function countLog(settingKey: number): Promise<number | null> {
  return env.DB.prepare("SELECT count(*) AS n FROM provisioning_log WHERE setting_key = ?")
    .bind(settingKey)
    .first<number>("n");
}

describe("the retention of the provisioning log", () => {
  it("takes what is older in every setting, a deleted one included, and nothing newer", async () => {
    const { setting, addSetting, addLog } = await fillCompany();
    const deleted = await addSetting({ status: "deleted" });
    for (const time of [10, 99, 100, 200]) await addLog({ time });
    await addLog({ time: 50, setting_key: deleted.key });
    expect(await purgeLog(openRegistry(env), 100)).toBe(3);
    expect([await countLog(setting.key), await countLog(deleted.key)]).toEqual([2, 0]);
    expect(await purgeLog(openRegistry(env), 100)).toBe(0);
  });

  it("takes a long log in pieces", async () => {
    const { company, setting } = await fillCompany();
    await env.DB.prepare(
      `INSERT INTO provisioning_log (log_key, company_key, setting_key, id, time, method, path, status, duration)
       WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4501)
       SELECT ?1 * 4294967296 + 1000 + i, ?1, ?2, 'request-' || i, i, 'GET', '/Users', 200, 1 FROM n`,
    )
      .bind(company.key, setting.key)
      .run();
    // Rows that other tests of this file left may go with them.
    expect(await purgeLog(openRegistry(env), 4501)).toBeGreaterThanOrEqual(4500);
    expect(await countLog(setting.key)).toBe(1);
  });

  it("is 30 days unless LOG_RETENTION_DAYS says otherwise", () => {
    const day = 86_400_000;
    expect([readLogRetention(undefined), readLogRetention(""), readLogRetention("0.5")]).toEqual([
      30 * day,
      30 * day,
      day / 2,
    ]);
    for (const bad of ["0", "-1", "soon"]) expect(() => readLogRetention(bad)).toThrow("LOG_RETENTION_DAYS");
  });
});
