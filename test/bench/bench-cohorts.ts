import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments } from "./arguments.ts";
import { ClosedLoop } from "./closed-loop.ts";
import { leastLatency, meterCpu } from "./cpu-law.ts";
import { show, table } from "./markdown.ts";
import { loadOf } from "./measure.ts";
import { OPERATIONS, type Operation } from "./operations.ts";
import { type Runtime, startRuntime } from "./start-runtime.ts";
import { median, percentile } from "./statistics.ts";
import { seedWorld } from "./world.ts";

/** How far away D1 seems to be (ms for each trip). */
const DISTANCES = [5, 20, 50];
const PEOPLE = 1_000;
const MEASURED = ["create", "patch-active"];
/** The product, and what it would be if its commits waited for nobody. */
const WORKERS = ["distant", "untuned"] as const;

/** A number of connections to one of the Workers. */
interface Lane {
  worker: (typeof WORKERS)[number];
  connections: number;
  loop: ClosedLoop;
  rates: number[];
  latencies: number[];
  /** The least latency (ms) that the CPU time of each round's writes allows so many connections. */
  least: number[];
}

/**
 * Measures how long writes take that many connections send, each when its last one is answered, as often as one connection's,
 * with and without the wait for clients that come back, in turns, and how much longer they take at least for want of CPU; gives
 * Markdown.
 */
export async function benchCohorts(args: BenchArguments): Promise<string> {
  const rows: string[][] = [];
  for (const distance of DISTANCES) {
    const persist = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
    const runtime = await startRuntime({
      persist,
      workers: ["rollcall", "tools", ...WORKERS],
      distance,
      without: "waits",
    });
    try {
      for (const operation of OPERATIONS.filter(({ name }) => MEASURED.includes(name))) {
        const lanes = await measureInTurns(runtime, operation, args);
        rows.push(...present(lanes).map((cells) => [operation.title, String(distance), ...cells]));
      }
    } finally {
      await runtime.stop();
      rmSync(persist, { recursive: true, force: true });
    }
  }
  const [alone = 1] = args.connections;
  const head = [
    "operation",
    "D1 ms away",
    "conn.",
    "p50 ms",
    `of ${alone} conn.`,
    `least by CPU, of ${alone} conn.`,
    "without the wait",
    `of ${alone} conn.`,
  ];
  const load = `Load of the machine at the end: ${show(loadavg()[0] ?? null)}.`;
  return `${table([...head, "requests/s, of those without"], rows)}\n\n${load}`;
}

async function measureInTurns(runtime: Runtime, operation: Operation, args: BenchArguments): Promise<Lane[]> {
  // Each Worker has its own companies: of one company there is one writer.
  const worlds = { distant: await seedWorld(runtime, PEOPLE), untuned: await seedWorld(runtime, PEOPLE) };
  const lanes: Lane[] = [];
  for (const connections of args.connections)
    for (const worker of WORKERS) {
      const loop = await ClosedLoop.open(loadOf(runtime.urls[worker], worlds[worker], operation), connections);
      lanes.push({ worker, connections, loop, rates: [], latencies: [], least: [] });
    }
  for (const { loop } of lanes) await loop.run(args.seconds);
  for (let round = 0; round < args.rounds; round += 1)
    for (const { connections, loop, rates, latencies, least } of lanes) {
      const { value: measured, cpu } = await meterCpu(runtime.pid, () => loop.run(Math.max(1, args.seconds)));
      rates.push(measured.requests / measured.seconds);
      latencies.push(...measured.latencies);
      least.push(leastLatency(connections, measured.requests, cpu, availableParallelism()));
    }
  for (const { loop } of lanes) loop.close();
  return lanes;
}

/** A row for each number of connections. */
function present(lanes: readonly Lane[]): string[][] {
  const p50 = ({ latencies }: Lane) =>
    percentile(
      latencies.toSorted((a, b) => a - b),
      0.5,
    );
  const [own, others] = WORKERS.map((worker) => lanes.filter((lane) => lane.worker === worker));
  const [ofOne, ofOneWithout] = [own, others].map((all) => (all?.[0] === undefined ? Number.NaN : p50(all[0])));
  return (own ?? []).flatMap((lane, index) => {
    const without = others?.[index];
    if (without === undefined) return [];
    const gains = median(lane.rates.map((rate, round) => rate / (without.rates[round] ?? Number.NaN)));
    const cells = [
      p50(lane),
      p50(lane) / (ofOne ?? Number.NaN),
      median(lane.least) / (ofOne ?? Number.NaN),
      p50(without),
      p50(without) / (ofOneWithout ?? Number.NaN),
    ];
    return [[String(lane.connections), ...[...cells, gains].map(show)]];
  });
}
