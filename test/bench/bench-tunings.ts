import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments } from "./arguments.ts";
import { ClosedLoop } from "./closed-loop.ts";
import { show, table } from "./markdown.ts";
import { loadOf } from "./measure.ts";
import { OPERATIONS, type Operation } from "./operations.ts";
import { startRuntime } from "./start-runtime.ts";
import { median, percentile } from "./statistics.ts";
import type { Tuning } from "./tunings.ts";
import { seedWorld } from "./world.ts";

/** How far away D1 seems to be (ms for each trip). */
const DISTANCES = [5, 20];
const PEOPLE = 1_000;
/** What each tuning is for; the wait for clients is the cohorts' part. */
const MEASURED: { tuning: Exclude<Tuning, "waits">; operations: string[]; connections: number[] }[] = [
  { tuning: "sharing", operations: ["get", "userName"], connections: [16, 64, 128] },
  { tuning: "presuming", operations: ["create"], connections: [1] },
];

/** Measures with D1 far away what the product gains by each tuning, beside the same Worker without it, in turns; gives Markdown. */
export async function benchTunings(args: BenchArguments): Promise<string> {
  const rows: string[][] = [];
  for (const { tuning, operations, connections } of MEASURED)
    for (const distance of DISTANCES) {
      const persist = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
      const workers = ["rollcall", "tools", "distant", "untuned"] as const;
      const runtime = await startRuntime({ persist, workers, distance, without: tuning });
      try {
        // Each Worker has its own companies: of one company there is one writer.
        const worlds = { distant: await seedWorld(runtime, PEOPLE), untuned: await seedWorld(runtime, PEOPLE) };
        const load = (worker: "distant" | "untuned", operation: Operation) =>
          loadOf(runtime.urls[worker], worlds[worker], operation);
        for (const operation of OPERATIONS.filter(({ name }) => operations.includes(name)))
          for (const count of connections) {
            const loops = [
              await ClosedLoop.open(load("distant", operation), count),
              await ClosedLoop.open(load("untuned", operation), count),
            ] as const;
            const [own, without, gain] = await inTurns(loops, args);
            rows.push([tuning, operation.title, String(distance), String(count), show(own), show(without), show(gain)]);
          }
      } finally {
        await runtime.stop();
        rmSync(persist, { recursive: true, force: true });
      }
    }
  return table(["tuning", "operation", "D1 ms away", "conn.", "p50 ms", "without it", "gain"], rows);
}

/**
 * The median latencies of both (ms), and how many times the first's the second's is, by the median of the rounds. Of the mean
 * the pauses are most in which workerd, on the same thread, writes the log of so many requests.
 */
async function inTurns(
  [own, without]: readonly [ClosedLoop, ClosedLoop],
  { rounds, seconds }: BenchArguments,
): Promise<[number, number, number]> {
  const p50s: [number, number][] = [];
  for (const loop of [own, without]) await loop.run(seconds);
  for (let round = 0; round < rounds; round += 1) p50s.push([await p50Of(own, seconds), await p50Of(without, seconds)]);
  own.close();
  without.close();
  return [
    median(p50s.map(([p50]) => p50)),
    median(p50s.map(([, p50]) => p50)),
    median(p50s.map(([p50, other]) => other / p50)),
  ];
}

async function p50Of(loop: ClosedLoop, seconds: number): Promise<number> {
  return percentile((await loop.run(Math.max(1, seconds))).latencies, 0.5);
}
