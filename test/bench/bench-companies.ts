import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments } from "./arguments.ts";
import { ClosedLoop, type Measured } from "./closed-loop.ts";
import { show, table } from "./markdown.ts";
import { bareWrite } from "./measure.ts";
import { person } from "./people.ts";
import { fineCpuTime } from "./process-meter.ts";
import { createSetting } from "./setting.ts";
import { type Runtime, startRuntime } from "./start-runtime.ts";
import { median, percentile } from "./statistics.ts";
import { seedWorld } from "./world.ts";

const CONNECTIONS = 64;
const COMPANIES = [1, 4, 16, 64];

/** What D1 itself takes for a write that has its commit to itself, as every one has of 64 clients in 64 companies. */
const BARE = {
  "bare, in an object: one trip of one statement": "/ordered/0/1",
  "bare, in an object: one trip of ten, as a lone create's": "/ordered/0/10",
};

/** A load in turns with the others: one loop, or one for each company. */
interface Lane {
  title: string;
  loops: ClosedLoop[];
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
 * bare batches of as many statements. Gives Markdown.
 */
export async function benchCompanies({ rounds, seconds }: BenchArguments): Promise<string> {
  const persist = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const runtime = await startRuntime({ persist, workers: ["rollcall", "floor", "tools"] });
  try {
    const lanes: Lane[] = [];
    for (const companies of COMPANIES) lanes.push(await openCompanies(runtime, companies));
    const { field } = await seedWorld(runtime, CONNECTIONS);
    for (const [title, route] of Object.entries(BARE)) {
      const loop = await ClosedLoop.open(bareWrite(runtime.urls.floor, field, route), CONNECTIONS);
      lanes.push({ title, loops: [loop], runs: [] });
    }
    for (let round = 0; round < rounds; round += 1)
      for (const { loops, runs } of lanes) {
        // Objects that were idle while the others had their turns are gone.
        await runAll(loops, 1, null);
        runs.push(await runAll(loops, Math.max(1, seconds), runtime.pid));
      }
    for (const { loops } of lanes) for (const loop of loops) loop.close();
    return present(lanes);
  } finally {
    await runtime.stop();
    rmSync(persist, { recursive: true, force: true });
  }
}

async function openCompanies({ urls, operatorKey }: Runtime, companies: number): Promise<Lane> {
  const loops = await Promise.all(
    Array.from({ length: companies }, async () => {
      const { token } = await createSetting(urls.rollcall, operatorKey, "field");
      let n = 0;
      const request = () => ({ method: "POST", path: "/scim/v2/Users", body: JSON.stringify(person(n++)) });
      return ClosedLoop.open({ baseUrl: urls.rollcall, token, request, expect: [201] }, CONNECTIONS / companies);
    }),
  );
  return { title: `creates in ${companies}`, loops, runs: [] };
}

async function runAll(loops: readonly ClosedLoop[], seconds: number, pid: number | null): Promise<Run> {
  const before = fineCpuTime(pid);
  const measured: Measured[] = await Promise.all(loops.map((loop) => loop.run(seconds)));
  const cpu = fineCpuTime(pid) - before;
  return {
    rate: measured.reduce((sum, { requests, seconds: taken }) => sum + requests / taken, 0),
    latencies: measured.flatMap(({ latencies }) => latencies),
    cpu: cpu / measured.reduce((sum, { requests }) => sum + requests, 0),
  };
}

/** A row for each, held against the first one's runs of the same rounds. */
function present(lanes: readonly Lane[]): string {
  const one = lanes[0]?.runs ?? [];
  const rows = lanes.map(({ title, runs }) => {
    const latencies = runs.flatMap((run) => run.latencies).sort((a, b) => a - b);
    const ofOne = (figure: "rate" | "cpu") =>
      median(runs.map((run, round) => run[figure] / (one[round]?.[figure] ?? Number.NaN)));
    const figures = [
      median(runs.map(({ rate }) => rate)),
      percentile(latencies, 0.5),
      percentile(latencies, 0.99),
      ofOne("rate"),
      median(runs.map(({ cpu }) => cpu)),
      ofOne("cpu"),
    ];
    return [title, ...figures.map(show)];
  });
  const head = [`companies that ${CONNECTIONS} connections write to`, "writes/s", "p50 ms", "p99 ms"];
  return table([...head, "of one company's rate", "CPU ms each", "of one company's"], rows);
}
