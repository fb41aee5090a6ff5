import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { packCounts } from "../../src/holds/pack-loss-counts.ts";
import { cacheRowsOfCommit } from "../../src/unit/cache-rows-of-commit.ts";
import { planRows } from "../../src/unit/plan-writes.ts";
import { readConfig } from "../../src/unit/read-company-config.ts";
import { UnitOfWork } from "../../src/unit/unit-of-work.ts";
import { newBench } from "../writer/bench.ts";

it("losses that fit no row are planned without a change of what was counted, and kept as their row has them", async () => {
  const now = Date.now();
  const { companyId, settingId } = await newBench({ criteria: "none", targetGroupName: "All" });
  const config = await readConfig(env.DB, companyId, now);
  const setting = config?.settings.get(settingId);
  if (config === null || setting === undefined) throw new Error("no company");
  const losses = Array.from({ length: 300_000 }, (_, n) => ({ userKey: n * 1_000, lost: null }));
  const counted = { counts: { leavers: [{ at: now, base: losses.length, more: 0, losses }] }, activeUsers: 7 };
  const unit = new UnitOfWork(config, now);
  unit.brakes.load(setting.key, { counts: {}, activeUsers: 7 });
  unit.brakes.set(setting.key, counted);
  const planned = planRows(unit);
  expect(unit.brakes.get(setting.key)).toBe(counted);
  expect(planRows(unit)).toEqual(planned);
  const { text, counts } = packCounts(counted.counts, now);
  expect(planned.flatMap(({ params }) => params)).toContain(text);
  expect(counts).toEqual({ leavers: [{ at: now, base: losses.length, more: losses.length, losses: [] }] });
  expect(cacheRowsOfCommit(unit).brakes.get(setting.key)).toEqual({ counts, activeUsers: 7 });
});
