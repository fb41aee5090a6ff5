import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments } from "./arguments.ts";
import { show, table } from "./markdown.ts";
import { type Cost, count, measure, type Place, type Timing } from "./measure.ts";
import { OPERATIONS, type Operation } from "./operations.ts";
import { startRuntime } from "./start-runtime.ts";
import { seedWorld } from "./world.ts";

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

/** Measures the operations at each size in a state of its own, one operation after the other; gives Markdown. */
export async function benchOperations(args: BenchArguments): Promise<string> {
  const places: (Place & { persist: string })[] = [];
  try {
    for (const size of args.sizes) {
      const persist = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
      const runtime = await startRuntime({ persist });
      console.error(`seeding ${size} users`);
      places.push({ persist, runtime, world: await seedWorld(runtime, size) });
    }
    const results: Result[] = [];
    for (const operation of OPERATIONS.filter(({ name }) => args.operations.includes(name)))
      results.push(...(await measureOperation(places, operation, args)));
    return report(results, args.connections);
  } finally {
    for (const { persist, runtime } of places) {
      await runtime.stop();
      rmSync(persist, { recursive: true, force: true });
    }
  }
}

/** The results of an operation at the sizes at which it can be measured. */
async function measureOperation(
  places: readonly Place[],
  operation: Operation,
  args: BenchArguments,
): Promise<Result[]> {
  const { from = 0, isBig = false } = operation;
  const fitting = places.filter(({ world }) => world.size >= from);
  const timings: Map<number, Timing>[] = fitting.map(() => new Map());
  for (const connections of args.connections.filter((number) => !isBig || number <= MOST_FOR_BIG))
    for (const [index, timing] of (await measure(fitting, operation, connections, args)).entries())
      timings[index]?.set(connections, timing);
  const results: Result[] = [];
  for (const [index, place] of fitting.entries()) {
    const cost = await count(place, operation);
    results.push({ operation, size: place.world.size, cost, timings: timings[index] ?? new Map() });
    console.error(describe(results.at(-1)));
  }
  return results;
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
