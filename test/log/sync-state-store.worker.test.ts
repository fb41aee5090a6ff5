import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { selectSyncs } from "../../src/log/sync-state-store.ts";
import { DAY } from "../../src/platform/clock.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { runRead } from "../../src/platform/read-batch.ts";
import { fillCompany } from "../management-api/fill-company.ts";

const NOW = 1_800_000_000_000;

/** A setting to which requests came: how many milliseconds ago, and with which status. */
async function syncAfter(...requests: [ago: number, status: number][]) {
  const { company, setting, addLog } = await fillCompany();
  for (const [ago, status] of requests) await addLog({ time: NOW - ago, status });
  if (requests.length > 0)
    await env.DB.prepare("UPDATE scim_settings SET first_request_at = 1 WHERE setting_key = ?").bind(setting.key).run();
  return (await runRead(openRegistry(env), selectSyncs(company.key, NOW))).get(setting.key);
}

describe("how a setting fares", () => {
  it("is `waiting` until the first request, and `active` from a success on for a day", async () => {
    expect(await syncAfter()).toEqual({ state: "waiting", lastSuccessAt: null, failures24h: 0 });
    const active = { state: "active", lastSuccessAt: NOW - 5, failures24h: 0 };
    expect(await syncAfter([DAY * 3, 201], [5, 200])).toEqual(active);
    expect(await syncAfter([DAY, 200])).toEqual({ state: "quiet", lastSuccessAt: NOW - DAY, failures24h: 0 });
  });

  it("is `failing` while the last request was refused, and its failures of a day are counted", async () => {
    const failing = { state: "failing", lastSuccessAt: NOW - 100, failures24h: 2 };
    expect(await syncAfter([DAY + 1, 500], [100, 201], [50, 400], [10, 409])).toEqual(failing);
    expect(await syncAfter([50, 400], [10, 204])).toEqual({ state: "active", lastSuccessAt: NOW - 10, failures24h: 1 });
    expect(await syncAfter([50, 403])).toEqual({ state: "failing", lastSuccessAt: null, failures24h: 1 });
    // Refused, but not within the day: nothing is known to fail now.
    expect(await syncAfter([DAY * 2, 400])).toEqual({ state: "quiet", lastSuccessAt: null, failures24h: 0 });
  });

  it("does not count the parts of a Bulk request, which have no status", async () => {
    expect(await syncAfter([50, 200], [10, 0])).toEqual({ state: "active", lastSuccessAt: NOW - 50, failures24h: 0 });
  });

  it("is read from two indexes", async () => {
    const { statements } = selectSyncs(1, NOW);
    const [statement] = statements;
    const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${statement?.sql}`)
      .bind(...(statement?.params ?? []))
      .all<{ detail: string }>();
    const plan = results.map(({ detail }) => detail).filter((detail) => detail.includes(" l "));
    expect(plan.length).toBeGreaterThan(0);
    for (const detail of plan)
      expect(detail).toMatch(/SEARCH l USING (COVERING )?INDEX provisioning_log_(activity|failures)/);
  });
});
