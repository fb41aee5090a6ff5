import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments } from "./arguments.ts";
import { ClosedLoop, type Measured } from "./closed-loop.ts";
import { show, table } from "./markdown.ts";
import { bareWrite } from "./measure.ts";
import { fineCpuTime } from "./process-meter.ts";
import { createsOf, learnTexts, type Recording, Replay, recordCreates } from "./replayed-creates.ts";
import { createSetting } from "./setting.ts";
import { type Runtime, startRuntime } from "./start-runtime.ts";
import { median, percentile } from "./statistics.ts";
import { seedWorld } from "./world.ts";

const CONNECTIONS = 64;
const COMPANIES = [1, 4, 16, 64];
/** Seconds before each round: objects that were idle while the others had their turns are gone. */
const WARM_UP = 1;

/** What D1 itself takes for a write that has its commit to itself, as every one has of 64 clients in 64 companies. */
const BARE = {
  "bare, in an object: one trip of one statement": "/ordered/0/1",
  "bare, in an object: one trip of ten, as a lone create's": "/ordered/0/10",
};
const ALONE = "creates in 1, no two in one commit";
const REPLAYED = "bare, in an object: the batches of a lone create, replayed";
/** How much longer the recording takes than the replays, which are quicker, at most; where they are still, they end sooner. */
const RECORDED = 4;

/** A load in turns with the others: one loop, or one for each company. */
interface Lane {
  title: string;
  loops: ClosedLoop[];
  /** Called before each run. */
  startRun?: () => void;
  runs: Run[];
}

interface Run {
  rate: number;
  latencies: number[];
  /** CPU time of workerd for one write (ms), D1 included. */
  cpu: number;
}

/**
 * Creates users in one company and in many, which share a database but no writer, and so no commit; and beside them, in turns,
 * bare batches of as many statements, and the very batches of such creates with nothing of the product around them. Gives
 * Markdown.
 */
export async function benchCompanies({ rounds, seconds }: BenchArguments): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const [recorded, persist] = [join(folder, "recorded"), join(folder, "measured")];
  const taken = Math.max(1, seconds);
  try {
    console.error("recording");
    const time = RECORDED * rounds * (WARM_UP + taken);
    const recording = await recordCreates({ persist: recorded, copy: persist }, CONNECTIONS, time);
    const runtime = await startRuntime({ persist, workers: ["rollcall", "lone", "floor", "tools"] });
    try {
      const lanes = await openLanes(runtime, recording, rounds);
      for (let round = 0; round < rounds; round += 1)
        for (const lane of lanes) {
          await runAll(lane, WARM_UP, null);
          lane.runs.push(await runAll(lane, taken, runtime.pid));
        }
      for (const { loops } of lanes) for (const loop of loops) loop.close();
      return `${present(lanes)}\n\n${conclude(lanes)}`;
    } finally {
      await runtime.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openLanes(runtime: Runtime, recording: Recording, rounds: number): Promise<Lane[]> {
  const { urls } = runtime;
  const lanes: Lane[] = [];
  const add = (title: string, loops: ClosedLoop[]) => lanes.push({ title, loops, runs: [] });
  for (const companies of COMPANIES) add(titleOf(companies), await openCompanies(runtime, "rollcall", companies));
  add(ALONE, await openCompanies(runtime, "lone", 1));
  const { field } = await seedWorld(runtime, CONNECTIONS);
  for (const [title, route] of Object.entries(BARE))
    add(title, [await ClosedLoop.open(bareWrite(urls.floor, field, route), CONNECTIONS)]);
  await learnTexts(urls.floor, recording.texts);
  // A warm-up and a run each round.
  const replay = new Replay(urls.floor, recording, 2 * rounds);
  const loops = [await ClosedLoop.open(replay, CONNECTIONS)];
  lanes.push({ title: REPLAYED, loops, startRun: () => replay.startRun(), runs: [] });
  return lanes;
}

function titleOf(companies: number): string {
  return `creates in ${companies}`;
}

async function openCompanies(
  { urls, operatorKey }: Runtime,
  worker: "rollcall" | "lone",
  companies: number,
): Promise<ClosedLoop[]> {
  const baseUrl = urls[worker];
  return Promise.all(
    Array.from({ length: companies }, async () => {
      const { token } = await createSetting(baseUrl, operatorKey, "field");
      return ClosedLoop.open({ baseUrl, token, request: createsOf(), expect: [201] }, CONNECTIONS / companies);
    }),
  );
}

async function runAll({ loops, startRun }: Lane, seconds: number, pid: number | null): Promise<Run> {
  startRun?.();
  const before = fineCpuTime(pid);
  const measured: Measured[] = await Promise.all(loops.map((loop) => loop.run(seconds)));
  const cpu = fineCpuTime(pid) - before;
  return {
    rate: measured.reduce((sum, { requests, seconds: taken }) => sum + requests / taken, 0),
    latencies: measured.flatMap(({ latencies }) => latencies),
    cpu: cpu / measured.reduce((sum, { requests }) => sum + requests, 0),
  };
}

/** The medians, over the rounds, of what a lane's runs came to of the first one's. */
function ofOne(lanes: readonly Lane[], { runs }: Lane, figure: "rate" | "cpu"): number {
  const one = lanes[0]?.runs ?? [];
  return median(runs.map((run, round) => run[figure] / (one[round]?.[figure] ?? Number.NaN)));
}

/** A row for each, held against the first one's runs of the same rounds. */
function present(lanes: readonly Lane[]): string {
  const rows = lanes.map((lane) => {
    const { title, runs } = lane;
    const latencies = runs.flatMap((run) => run.latencies).sort((a, b) => a - b);
    const figures = [
      median(runs.map(({ rate }) => rate)),
      percentile(latencies, 0.5),
      percentile(latencies, 0.99),
      ofOne(lanes, lane, "rate"),
      median(runs.map(({ cpu }) => cpu)),
      ofOne(lanes, lane, "cpu"),
    ];
    return [title, ...figures.map(show)];
  });
  const head = [`companies that ${CONNECTIONS} connections write to`, "writes/s", "p50 ms", "p99 ms"];
  return table([...head, "of one company's rate", "CPU ms each", "of one company's"], rows);
}

/** What of the rate that many companies lack is the database's, and what the product's. */
function conclude(lanes: readonly Lane[]): string {
  const rateOf = (title: string) => {
    const lane = lanes.find((each) => each.title === title);
    return lane === undefined ? Number.NaN : ofOne(lanes, lane, "rate");
  };
  const [many, replayed, alone] = [rateOf(titleOf(CONNECTIONS)), rateOf(REPLAYED), rateOf(ALONE)];
  return [
    `${CONNECTIONS} companies make ${show(many)} of one company's rate and their batches alone ${show(replayed)}:`,
    `of the ${show(1 - many)} that they lack ${show(1 - replayed)} is the database's and ${show(replayed - many)} the product's.`,
    `One company whose creates share no commit makes ${show(alone)}.`,
  ].join(" ");
}
