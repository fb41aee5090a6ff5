import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments } from "./arguments.ts";
import { show, table } from "./markdown.ts";
import { type Cost, count, measure, type Timing } from "./measure.ts";
import { OPERATIONS, type Operation } from "./operations.ts";
import { type Runtime, startRuntime } from "./start-runtime.ts";
import { seedWorld, type World } from "./world.ts";

/**
 * Big requests run one at a time: workerd has one thread here, and while a writer keeps it busy for seconds it neither
 * sends finished answers nor reads new requests before it gives their connections up as idle.
 */
const MOST_FOR_BIG = 1;

/** The result of one operation at one size. */
interface Result {
  operation: Operation;
  size: number;
  cost: Cost;
  timings: Map<number, Timing>;
}

/** Measures the operations at each size in a state of its own; gives Markdown. */
export async function benchOperations(args: BenchArguments): Promise<string> {
  const results: Result[] = [];
  for (const size of args.sizes) {
    const persist = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
    const runtime = await startRuntime({ persist });
    try {
      console.error(`seeding ${size} users`);
      const world = await seedWorld(runtime, size);
      for (const operation of chosen(args, size)) {
        results.push(await measureOperation(runtime, world, operation, args));
        console.error(describe(results.at(-1)));
      }
    } finally {
      await runtime.stop();
      rmSync(persist, { recursive: true, force: true });
    }
  }
  return report(results, args.connections);
}

function chosen({ operations }: BenchArguments, size: number): Operation[] {
  return OPERATIONS.filter(({ name, from = 0 }) => operations.includes(name) && from <= size);
}

async function measureOperation(
  runtime: Runtime,
  world: World,
  operation: Operation,
  args: BenchArguments,
): Promise<Result> {
  const timings = new Map<number, Timing>();
  for (const connections of args.connections.filter((number) => operation.isBig !== true || number <= MOST_FOR_BIG))
    timings.set(connections, await measure(runtime, world, operation, connections, args));
  return { operation, size: world.size, cost: await count(runtime, world, operation), timings };
}

function describe(result: Result | undefined): string {
  if (result === undefined) return "";
  const { operation, size, cost, timings } = result;
  const cells = [...timings].map(
    ([connections, { perSecond, ratio, cpu, floorCpu, p50, p99 }]) =>
      `${connections}: ${show(perSecond)}/s ${show(ratio)}x p50 ${show(p50)} p99 ${show(p99)} cpu ${show(cpu)}/${show(floorCpu)}`,
  );
  const { trips, rowsRead, rowsWritten } = cost;
  return `${size} ${operation.title}: ${cells.join(" | ")} | trips ${show(trips)} read ${show(rowsRead)} written ${show(rowsWritten)}`;
}

function report(results: readonly Result[], connections: readonly number[]): string {
  const head = [
    "operation",
    "users",
    "conn.",
    "requests/s",
    "p50 ms",
    "p99 ms",
    "floor/s",
    "of floor",
    "CPU ms",
    "floor CPU ms",
    "of smallest",
    "CPU of smallest",
  ];
  const tails = ["D1 trips", "rows read", "rows written", "KV reads", "object calls", "peak MB"];
  const rows = results.flatMap((result) =>
    connections.filter((number) => result.timings.has(number)).map((number) => rowOf(result, number, results)),
  );
  return table([...head, ...tails], rows);
}

function rowOf({ operation, size, cost, timings }: Result, connections: number, results: readonly Result[]): string[] {
  const timing = timings.get(connections);
  if (timing === undefined) return [];
  const smallest = results.find((result) => result.operation === operation)?.timings.get(connections);
  const share = smallest === undefined ? Number.NaN : timing.perSecond / smallest.perSecond;
  const cpuShare = smallest === undefined ? Number.NaN : timing.cpu / smallest.cpu;
  return [
    operation.title,
    size.toLocaleString("en"),
    String(connections),
    ...[
      timing.perSecond,
      timing.p50,
      timing.p99,
      timing.floorPerSecond,
      timing.ratio,
      timing.cpu,
      timing.floorCpu,
      share,
      cpuShare,
    ].map(show),
    ...[cost.trips, cost.rowsRead, cost.rowsWritten, cost.kvReads, cost.objectCalls, timing.peakMemory].map(show),
  ];
}
