import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments } from "./arguments.ts";
import { show, table } from "./markdown.ts";
import { callTool } from "./seed.ts";
import { createSetting } from "./setting.ts";
import { startRuntime } from "./start-runtime.ts";
import type { DistanceRequest, DistanceResult } from "./workers/distance.ts";

const DELAY = 20;
const WRITERS = 64;

/** Measures creates of users into one company over a D1 that answers late, with group commit and with a lock; gives Markdown. */
export async function benchDistance({ seconds }: BenchArguments): Promise<string> {
  const persist = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const runtime = await startRuntime({ persist, workers: ["rollcall", "tools"] });
  try {
    const run = async (variant: DistanceRequest["variant"]) => {
      const setting = await createSetting(runtime.urls.rollcall, runtime.operatorKey, "field");
      const request = { ...setting, variant, delay: DELAY, writers: WRITERS, seconds: Math.max(3, seconds), first: 0 };
      return callTool<DistanceResult>(runtime.urls.tools, "/distance", request);
    };
    const lock = await run("lock");
    const group = await run("group commit");
    const rate = ({ writes, seconds: taken }: DistanceResult) => writes / taken;
    const rowOf = (name: string, result: DistanceResult) => [
      name,
      show(rate(result)),
      show(result.trips / result.writes),
      show(rate(result) / rate(lock)),
    ];
    const rows = [rowOf("one at a time, under a lock", lock), rowOf("group commit", group)];
    return table([`${WRITERS} writers, D1 ${DELAY} ms away`, "writes/s", "D1 trips a write", "times the lock"], rows);
  } finally {
    await runtime.stop();
    rmSync(persist, { recursive: true, force: true });
  }
}
