import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { purgeLog, readLogRetention } from "../../src/log/purge-log.ts";
import { openRegistry } from "../../src/platform/database.ts";
import worker from "../../src/worker.ts";
import { fillCompany } from "../management-api/fill-company.ts";
import { EVERY_REQUEST } from "./every-request.ts";

const DAY = 24 * 60 * 60 * 1000;

async function logOf(companyKey: number): Promise<number> {
  const count = await env.DB.prepare(`SELECT count(*) AS n FROM ${EVERY_REQUEST} WHERE company_key = ?`)
    .bind(companyKey)
    .first<number>("n");
  return count ?? 0;
}

describe("the retention of the provisioning log", () => {
  it("deletes what is older, of every company, and nothing else", async () => {
    const [one, two] = [await fillCompany("One"), await fillCompany("Two")];
    const now = Date.now();
    for (const days of [40, 31, 29, 1]) await one.addLog({ time: now - days * DAY });
    await two.addLog({ time: now - 50 * DAY });
    await two.addLog({ time: now - 2 * DAY });
    expect(await purgeLog(openRegistry(env), now - 30 * DAY)).toBe(3);
    expect([await logOf(one.company.key), await logOf(two.company.key)]).toEqual([2, 1]);
    expect(await purgeLog(openRegistry(env), now - 30 * DAY)).toBe(0);
  });

  it("goes through a long log in several statements", async () => {
    const { company, setting } = await fillCompany("Long");
    await env.DB.prepare(
      `INSERT INTO provisioning_log (company_key, setting_key, id, time, method, path, status, duration)
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
       SELECT ?1, ?2, 'long-' || i, i, 'GET', '/Users', 200, 1 FROM n`,
    )
      .bind(company.key, setting.key)
      .run();
    expect(await purgeLog(openRegistry(env), 4_500)).toBe(4_499);
    expect(await logOf(company.key)).toBe(501);
  });

  it("is run by the schedule, with 30 days unless LOG_RETENTION_DAYS says otherwise", async () => {
    const { company, addLog } = await fillCompany("Scheduled");
    const hour = new Date();
    hour.setUTCMinutes(0, 0, 0);
    await addLog({ time: hour.getTime() - 31 * DAY });
    await addLog({ time: hour.getTime() - 8 * DAY });
    const run = async (days: string | undefined) => {
      const context = createExecutionContext();
      const controller = createScheduledController({ scheduledTime: hour, cron: "*/5 * * * *" });
      await worker.scheduled(controller, { ...env, LOG_RETENTION_DAYS: days });
      await waitOnExecutionContext(context);
    };
    await run(undefined);
    expect(await logOf(company.key)).toBe(1);
    await run("7");
    expect(await logOf(company.key)).toBe(0);
  });

  it("refuses a retention that is no number of days", () => {
    expect(readLogRetention("7")).toBe(7 * DAY);
    expect(readLogRetention("")).toBe(30 * DAY);
    for (const days of ["0", "-1", "soon"]) expect(() => readLogRetention(days)).toThrow(RangeError);
  });
});
