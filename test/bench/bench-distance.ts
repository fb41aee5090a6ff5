import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments } from "./arguments.ts";
import { ClosedLoop } from "./closed-loop.ts";
import { show, table } from "./markdown.ts";
import { loadOf } from "./measure.ts";
import { OPERATIONS } from "./operations.ts";
import { startRuntime } from "./start-runtime.ts";
import { median, percentile } from "./statistics.ts";
import { seedWorld } from "./world.ts";

/** How far away D1 seems to be (ms for each trip). */
const DISTANCES = [5, 20, 50];
const PEOPLE = 1_000;
const MEASURED = ["get", "userName", "list", "patch-active", "create"];

/** Measures reads and writes over HTTP with D1 far away; gives Markdown. */
export async function benchDistance(args: BenchArguments): Promise<string> {
  const [alone = 1] = args.connections;
  const rows: string[][] = [];
  for (const distance of DISTANCES) {
    const persist = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
    const runtime = await startRuntime({ persist, workers: ["rollcall", "distant", "tools"], distance });
    try {
      const world = await seedWorld(runtime, PEOPLE);
      for (const operation of OPERATIONS.filter(({ name }) => MEASURED.includes(name))) {
        let first = { perSecond: Number.NaN, p50: Number.NaN };
        for (const connections of args.connections) {
          const load = loadOf(runtime.urls.distant, world, operation);
          const { perSecond, p50, p99 } = await run(load, connections, args);
          if (connections === alone) first = { perSecond, p50 };
          const ofFirst = [p50 / first.p50, perSecond / first.perSecond];
          const cells = [perSecond, p50, p99, p50 / distance, ...ofFirst].map(show);
          rows.push([operation.title, String(distance), String(connections), ...cells]);
        }
      }
    } finally {
      await runtime.stop();
      rmSync(persist, { recursive: true, force: true });
    }
  }
  const head = ["operation", "D1 ms away", "conn.", "requests/s", "p50 ms", "p99 ms", "p50 in trips"];
  return table([...head, `p50 of ${alone} conn.`, `requests of ${alone} conn.`], rows);
}

async function run(load: ReturnType<typeof loadOf>, connections: number, { rounds, seconds }: BenchArguments) {
  const loop = await ClosedLoop.open(load, connections);
  await loop.run(seconds);
  const runs = [];
  for (let round = 0; round < rounds; round += 1) runs.push(await loop.run(Math.max(1, seconds)));
  loop.close();
  const latencies = runs.flatMap((one) => one.latencies).sort((a, b) => a - b);
  return {
    perSecond: median(runs.map((one) => one.requests / one.seconds)),
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}
