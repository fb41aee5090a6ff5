import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { indexedReads } from "../../src/companies/split-long-reads.ts";
import { readActivity, type Span } from "../../src/log/activity-store.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { fillCompany } from "../management-api/fill-company.ts";

const HOUR = 3_600_000;

describe("a setting's activity", () => {
  it("counts each request in the bar of its hour or day, failed ones apart, and those of no other setting", async () => {
    const { setting, addSetting, addLog } = await fillCompany();
    const other = await addSetting();
    const now = Date.UTC(2026, 10, 24, 12, 30);
    const noon = Date.UTC(2026, 10, 24, 12);
    await addLog({ time: noon, status: 200 });
    await addLog({ time: now, status: 409 });
    await addLog({ time: noon - 1, status: 201 });
    await addLog({ time: noon - 23 * HOUR, status: 200 });
    await addLog({ time: noon - 23 * HOUR - 1, status: 200 });
    await addLog({ time: now, setting_key: other.key });
    const count = (span: Span) => readActivity(indexedReads(openRegistry(env)), setting.key, span, now);
    const day = await count("day");
    expect(day).toHaveLength(24);
    expect(day.at(-1)).toEqual({ from: noon, ok: 1, failed: 1 });
    expect(day.at(-2)).toEqual({ from: noon - HOUR, ok: 1, failed: 0 });
    expect(day[0]).toEqual({ from: noon - 23 * HOUR, ok: 1, failed: 0 });
    expect(day.reduce((sum, { ok, failed }) => sum + ok + failed, 0)).toBe(4);
    const month = await count("month");
    expect(month.slice(-2).map(({ ok, failed }) => [ok, failed])).toEqual([
      [2, 0],
      [2, 1],
    ]);
  });
});
