import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments } from "./arguments.ts";
import { ClosedLoop } from "./closed-loop.ts";
import { show, table } from "./markdown.ts";
import { loadOf } from "./measure.ts";
import { OPERATIONS, type Operation } from "./operations.ts";
import { startRuntime } from "./start-runtime.ts";
import { median } from "./statistics.ts";
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
  return table(["tuning", "operation", "D1 ms away", "conn.", "mean ms", "without it", "gain"], rows);
}

/**
 * The mean latencies of both (ms; what a connection gets a second is one by it, whenever the last ones come back), and how many
 * times the first's the second's is, by the median of the rounds.
 */
async function inTurns(
  [own, without]: readonly [ClosedLoop, ClosedLoop],
  { rounds, seconds }: BenchArguments,
): Promise<[number, number, number]> {
  const means: [number, number][] = [];
  for (const loop of [own, without]) await loop.run(seconds);
  for (let round = 0; round < rounds; round += 1)
    means.push([await meanOf(own, seconds), await meanOf(without, seconds)]);
  own.close();
  without.close();
  return [
    median(means.map(([mean]) => mean)),
    median(means.map(([, mean]) => mean)),
    median(means.map(([mean, other]) => other / mean)),
  ];
}

async function meanOf(loop: ClosedLoop, seconds: number): Promise<number> {
  const { latencies } = await loop.run(Math.max(1, seconds));
  return latencies.reduce((sum, latency) => sum + latency, 0) / latencies.length;
}
