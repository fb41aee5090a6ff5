import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments } from "./arguments.ts";
import { entraMix } from "./entra-mix.ts";
import { show, table } from "./markdown.ts";
import { type Course, type OpenMeasured, runOpenLoop } from "./open-loop.ts";
import { fineCpuTime } from "./process-meter.ts";
import { ReplayedMix, recordMix } from "./replayed-mix.ts";
import { type Side, startProduct, startScimmy } from "./start-peer.ts";
import { percentile } from "./statistics.ts";

const PEOPLE = 1_000;
const RATES = [200, 400];
const CONNECTIONS = 32;
const WARM_UP = { rate: 100, seconds: 3, connections: CONNECTIONS };
const BARE = "the same trips, bare";

/** One of the servers that take turns. */
interface Server {
  title: string;
  /** What it is, for the list below the table. */
  about: string;
  pid: number | null;
  /** What it is asked in its next run. */
  course(): Course;
  stop(): Promise<void>;
}

/** What a server gave at one rate, over all rounds. */
interface Tail {
  title: string;
  rate: number;
  latencies: number[];
  errors: number;
  /** CPU time of the server for a request (ms). */
  cpu: number;
}

/**
 * Measures the tails of the product at steady rates and in turns, beside a peer and beside the product's own trips to D1 with
 * nothing of the product around them; gives Markdown.
 */
export async function benchTails({ rounds, seconds }: BenchArguments): Promise<string> {
  const taken = Math.max(8, seconds);
  const servers: Server[] = [];
  try {
    pin(process.pid, 0);
    servers.push(await startBare(rounds, taken));
    servers.unshift(ofSide(await startProduct(PEOPLE)), ofSide(await startScimmy(PEOPLE, "FULL")));
    for (const { pid } of servers) pin(pid, 1);
    for (const server of servers) await runOpenLoop(server.course(), WARM_UP);
    const runs = RATES.flatMap((rate) => servers.map((server) => new Runs(server, rate)));
    for (let round = 0; round < rounds; round += 1) for (const each of runs) await each.add(taken);
    return report(
      servers,
      runs.map((each) => each.tail()),
    );
  } finally {
    pin(process.pid, null);
    for (const server of servers) await server.stop();
  }
}

function ofSide(side: Side): Server {
  const course = entraMix(side);
  return { ...side, about: side.store, course: () => course };
}

/** Records the product's trips in loops like those that are measured, and starts a bare Worker that makes them. */
async function startBare(rounds: number, seconds: number): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const copy = join(folder, "measured");
  const measured = RATES.map((rate) => ({ rate, seconds, connections: CONNECTIONS }));
  const loops = [WARM_UP, ...Array.from({ length: rounds }, () => measured).flat()];
  console.error("recording");
  const started = (pid: number | null) => pin(pid, 1);
  const recording = await recordMix({ persist: join(folder, "recorded"), copy }, { people: PEOPLE, loops, started });
  const replay = await ReplayedMix.start(copy, recording);
  const about =
    "a bare Worker on Hono that is asked the same at the same times, and sends D1 the batches that the product sent, shared by as many, those of writes from an object";
  const stop = async () => {
    await replay.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { title: BARE, about, pid: replay.pid, course: () => replay.next(), stop };
}

/** The runs of a server at one rate. */
class Runs {
  readonly #server: Server;
  readonly #rate: number;
  readonly #runs: OpenMeasured[] = [];
  #cpu = 0;

  constructor(server: Server, rate: number) {
    this.#server = server;
    this.#rate = rate;
  }

  async add(seconds: number): Promise<void> {
    const { pid } = this.#server;
    const course = this.#server.course();
    const before = fineCpuTime(pid);
    this.#runs.push(await runOpenLoop(course, { rate: this.#rate, seconds, connections: CONNECTIONS }));
    this.#cpu += fineCpuTime(pid) - before;
  }

  tail(): Tail {
    const latencies = this.#runs.flatMap((run) => run.latencies).sort((a, b) => a - b);
    const errors = this.#runs.reduce((sum, run) => sum + run.errors, 0);
    return { title: this.#server.title, rate: this.#rate, latencies, errors, cpu: this.#cpu / latencies.length };
  }
}

function report(servers: readonly Server[], tails: readonly Tail[]): string {
  const rows = tails.map(({ title, rate, latencies, errors, cpu }) => {
    const shares = [0.5, 0.99, 1].map((share) => percentile(latencies, share));
    return [title, ...[rate, latencies.length, errors, ...shares, cpu].map(show)];
  });
  const head = ["Entra's mix", "asked for/s", "requests", "errors", "p50 ms", "p99 ms", "longest ms", "CPU ms"];
  const list = servers.map(({ title, about }) => `- ${title}: ${about}`).join("\n");
  return `${table(head, rows)}\n\n${conclude(tails)}\n\n${list}`;
}

/** The product's tail beside the peer's, and what twice the requests make of its own and of that of its trips alone. */
function conclude(tails: readonly Tail[]): string {
  const [slow = 0, quick = 0] = RATES;
  const find = (title: string, rate: number) => tails.find((tail) => tail.title === title && tail.rate === rate);
  const p99 = (title: string, rate: number) => percentile(find(title, rate)?.latencies ?? [], 0.99);
  const cpu = (title: string, rate: number) => find(title, rate)?.cpu ?? Number.NaN;
  const [own = "", peer = ""] = tails.map(({ title }) => title);
  const growth = (title: string) => show(p99(title, quick) / p99(title, slow));
  const toPeer = (title: string) => show(p99(title, slow) / p99(peer, slow));
  const share = show(cpu(BARE, quick) / cpu(own, quick));
  return [
    `Rollcall's p99 at ${slow}/s is ${toPeer(own)} times that of the durable peer, and at ${quick}/s ${growth(own)} times its own at ${slow}/s.`,
    `Of the same trips with nothing of the product around them it is ${toPeer(BARE)} times that of the peer, and at ${quick}/s ${growth(BARE)} times its own; they take ${share} of the CPU.`,
  ].join("\n");
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
