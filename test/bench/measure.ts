import { ClosedLoop, type Load, type Measured } from "./closed-loop.ts";
import { HttpConnection } from "./http-connection.ts";
import type { FloorKind, Operation } from "./operations.ts";
import { cpuTime, memory, resetPeak } from "./process-meter.ts";
import type { Runtime } from "./start-runtime.ts";
import { median, percentile } from "./statistics.ts";
import type { Counters } from "./workers/counters.ts";
import type { Filled, World } from "./world.ts";

/** How long and how often to measure. */
interface Effort {
  rounds: number;
  seconds: number;
}

/** An operation at one size and number of connections, and the floor beside it. */
export interface Timing {
  perSecond: number;
  p50: number;
  p99: number;
  floorPerSecond: number;
  /** The median over the rounds of what the operation reached of the floor next to it. */
  ratio: number;
  /** CPU time of the whole of workerd for one request (ms), D1 included: the product's, and the floor's. */
  cpu: number;
  floorCpu: number;
  /** The highest resident memory of workerd meanwhile, in MB. */
  peakMemory: number | null;
}

/** What one request of an operation asks of the platform. */
export interface Cost {
  /** Round trips before the answer, and the statements in them. */
  trips: number;
  rowsRead: number;
  rowsWritten: number;
  kvReads: number;
  objectCalls: number;
}

/** A directory of one size in a runtime of its own. */
export interface Place {
  runtime: Runtime;
  world: World;
}

/**
 * Measures an operation and its floor in each place, after a warm-up, all of them in turns: a machine that is now quick and
 * now slow is so for all. Gives a timing for each place.
 */
export async function measure(
  places: readonly Place[],
  operation: Operation,
  connections: number,
  { rounds, seconds }: Effort,
): Promise<Timing[]> {
  const lanes: Lane[] = [];
  for (const { runtime, world } of places) {
    resetPeak(runtime.pid);
    const own = await ClosedLoop.open(loadOf(runtime.urls.rollcall, world, operation), connections);
    const floor = await ClosedLoop.open(floorOf(runtime.urls.floor, world, operation.floor), connections);
    lanes.push({ pid: runtime.pid, own, floor, runs: [] });
  }
  for (const { own, floor } of lanes) {
    await own.run(seconds / 2);
    await floor.run(seconds / 4);
  }
  for (let round = 0; round < rounds; round += 1)
    for (const { pid, own, floor, runs } of lanes)
      runs.push({ floor: await runMetered(pid, floor, seconds / 2), own: await runMetered(pid, own, seconds) });
  return lanes.map(summarize);
}

interface Lane {
  pid: number | null;
  own: ClosedLoop;
  floor: ClosedLoop;
  runs: { own: Run; floor: Run }[];
}

function summarize({ pid, own, floor, runs }: Lane): Timing {
  own.close();
  floor.close();
  const latencies = runs.flatMap((run) => run.own.latencies).sort((a, b) => a - b);
  return {
    perSecond: median(runs.map((run) => rate(run.own))),
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    floorPerSecond: median(runs.map((run) => rate(run.floor))),
    ratio: median(runs.map((run) => rate(run.own) / rate(run.floor))),
    cpu: median(runs.map((run) => run.own.cpu)),
    floorCpu: median(runs.map((run) => run.floor.cpu)),
    peakMemory: memory(pid)?.peak ?? null,
  };
}

interface Run extends Measured {
  cpu: number;
}

async function runMetered(pid: number | null, loop: ClosedLoop, seconds: number): Promise<Run> {
  const before = cpuTime(pid);
  const measured = await loop.run(seconds);
  const after = cpuTime(pid);
  return { ...measured, cpu: before === null || after === null ? Number.NaN : (after - before) / measured.requests };
}

function rate({ requests, seconds }: Measured): number {
  return requests / seconds;
}

/** An operation as a load on one of the Workers that serve the product. */
export function loadOf(baseUrl: string, world: World, operation: Operation): Load {
  return {
    baseUrl,
    token: world[operation.setting].token,
    expect: operation.expect,
    request: (connection) => operation.request(world, world.nextTurn(operation.name), connection),
    note: (connection, answer) => operation.note?.(world, connection, answer),
  };
}

function floorOf(baseUrl: string, { field }: World, kind: FloorKind): Load {
  if (kind === "write") return bareWrite(baseUrl, field, "/write");
  const next = itemsOf(field);
  const path = kind === "read" ? () => `/read/${next()}` : () => `/page/${field.settingKey}`;
  return { baseUrl, token: field.token, expect: [200], request: () => ({ method: "GET", path: path() }) };
}

/** The load of the bare write on one of the floor's routes. */
export function bareWrite(baseUrl: string, setting: Filled, route: string): Load {
  const next = itemsOf(setting);
  const body = JSON.stringify({ schemas: [], Operations: [{ op: "replace", path: "active", value: false }] });
  const request = () => ({ method: "POST", path: `${route}/${next()}`, body });
  return { baseUrl, token: setting.token, expect: [200], request };
}

/** A setting's users, one after the other, as the floor's routes name them. */
function itemsOf({ settingKey, userIds }: Filled): () => string {
  let n = 0;
  return () => `${settingKey}/${userIds[(n++ * 7_919) % userIds.length]}`;
}

/** How many requests are counted: few of those that are big. */
const COUNTED = 10;
/** The provisioning log of reads is written within two seconds (ms). */
export const LOG_PATIENCE = 2_200;

/** Counts what single requests of an operation cost, their rows of the provisioning log included. */
export async function count({ runtime: { urls }, world }: Place, operation: Operation): Promise<Cost> {
  const load = loadOf(urls.counted, world, operation);
  const connection = await HttpConnection.open(urls.counted, load.token);
  const send = async () => {
    const sent = load.request(0);
    if (sent === null) throw new Error(`${operation.name} has no request left`);
    const answer = await connection.send(sent);
    load.note?.(0, answer);
  };
  // Two to begin with: one finds the caches of the Worker and the writer cold.
  await send();
  await send();
  await pause(LOG_PATIENCE);
  await readCounters(urls.counted);
  const times = operation.isBig === true ? 1 : COUNTED;
  for (let n = 0; n < times; n += 1) await send();
  const atOnce = await readCounters(urls.counted);
  await pause(LOG_PATIENCE);
  const later = await readCounters(urls.counted);
  connection.close();
  return {
    trips: (atOnce.requestTrips + atOnce.objectTrips) / times,
    rowsRead: (atOnce.rowsRead + later.rowsRead) / times,
    rowsWritten: (atOnce.rowsWritten + later.rowsWritten) / times,
    kvReads: (atOnce.kvReads + later.kvReads) / times,
    objectCalls: (atOnce.objectCalls + later.objectCalls) / times,
  };
}

/** Takes the counters of the counted Worker and starts them anew. */
export async function readCounters(countedUrl: string): Promise<Counters> {
  const response = await fetch(`${countedUrl}/bench/counters`);
  return (await response.json()) as Counters; // our own Worker, which gives that
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
