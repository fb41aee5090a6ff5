import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import type { BenchArguments } from "./arguments.ts";
import { entraMix } from "./entra-mix.ts";
import { show, table } from "./markdown.ts";
import { type Course, type OpenMeasured, runOpenLoop } from "./open-loop.ts";
import { cpuTime } from "./process-meter.ts";
import { type Side, startProduct, startScimmy } from "./start-peer.ts";
import { percentile } from "./statistics.ts";

const PEOPLE = 1_000;
const RATES = [200, 400];
const CONNECTIONS = 32;
/** What a server gave at one rate, over all rounds. */
interface Tail {
  side: Side;
  rate: number;
  runs: OpenMeasured[];
  /** CPU time of the server (ms). */
  cpu: number;
}

/** Measures the tails of the product beside peers, at steady rates and in turns; gives Markdown. */
export async function benchTails({ rounds, seconds }: BenchArguments): Promise<string> {
  const sides: Side[] = [];
  try {
    sides.push(await startProduct(PEOPLE), await startScimmy(PEOPLE, "FULL"));
    pin(process.pid, 0);
    for (const { pid } of sides) pin(pid, 1);
    const courses = new Map(sides.map((side) => [side, entraMix(side)]));
    for (const [, course] of courses) await runOpenLoop(course, { rate: 100, seconds: 3, connections: CONNECTIONS });
    const tails = RATES.flatMap((rate) => sides.map((side): Tail => ({ side, rate, runs: [], cpu: 0 })));
    for (let round = 0; round < rounds; round += 1)
      for (const tail of tails) await addRun(tail, courses.get(tail.side), Math.max(8, seconds));
    return report(sides, tails);
  } finally {
    pin(process.pid, null);
    for (const side of sides) await side.stop();
  }
}

async function addRun(tail: Tail, course: Course | undefined, seconds: number): Promise<void> {
  if (course === undefined) return;
  const before = cpuTime(tail.side.pid) ?? Number.NaN;
  tail.runs.push(await runOpenLoop(course, { rate: tail.rate, seconds, connections: CONNECTIONS }));
  tail.cpu += (cpuTime(tail.side.pid) ?? Number.NaN) - before;
}

function report(sides: readonly Side[], tails: readonly Tail[]): string {
  const latenciesOf = ({ runs }: Tail) => runs.flatMap(({ latencies }) => latencies).sort((a, b) => a - b);
  const rows = tails.map((tail) => {
    const latencies = latenciesOf(tail);
    const [p50, p99, most] = [0.5, 0.99, 1].map((share) => percentile(latencies, share));
    const errors = tail.runs.reduce((sum, run) => sum + run.errors, 0);
    const figures = [
      tail.rate,
      latencies.length,
      errors,
      p50 ?? null,
      p99 ?? null,
      most ?? null,
      tail.cpu / latencies.length,
    ];
    return [tail.side.title, ...figures.map(show)];
  });
  const head = ["Entra's mix", "asked for/s", "requests", "errors", "p50 ms", "p99 ms", "longest ms", "CPU ms"];
  const p99 = (isOwn: boolean, rate: number) =>
    Math.min(
      ...tails
        .filter((tail) => (tail.side === sides[0]) === isOwn && tail.rate === rate)
        .map((tail) => percentile(latenciesOf(tail), 0.99)),
    );
  const [slow = 0, quick = 0] = RATES;
  const ratios = [p99(true, slow) / p99(false, slow), p99(true, quick) / p99(true, slow)].map(show);
  return `${table(head, rows)}

Rollcall's p99 at ${slow}/s is ${ratios[0]} times that of the quickest durable peer, and at ${quick}/s ${ratios[1]} times its own at ${slow}/s.

${sides.map(({ title, store }) => `- ${title}: ${store}`).join("\n")}`;
}

/** Gives a process one core for itself, or all of them back (null), where the system lets us: the generator must not wait for the server. */
function pin(pid: number | null, core: number | null): void {
  const count = cpus().length;
  if (pid === null || count < 2) return;
  try {
    execFileSync("taskset", ["-acp", core === null ? `0-${count - 1}` : String(core), String(pid)], {
      stdio: "ignore",
    });
  } catch {
    console.error("taskset is not here: server and generator share the cores");
  }
}
