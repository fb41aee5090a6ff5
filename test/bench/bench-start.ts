import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments } from "./arguments.ts";
import { weighWorker } from "./build-worker.ts";
import { HttpConnection } from "./http-connection.ts";
import { show, table } from "./markdown.ts";
import { userNameOf } from "./people.ts";
import { fineCpuTime } from "./process-meter.ts";
import { seedPeople } from "./seed.ts";
import { type BenchSetting, createSetting } from "./setting.ts";
import { type RuntimeOptions, startRuntime, type WorkerName } from "./start-runtime.ts";
import { median } from "./statistics.ts";

/** Fresh processes for each first request. */
const PROCESSES = 7;

const LOOK_UP = `/scim/v2/Users?filter=${encodeURIComponent(`userName eq "${userNameOf(1)}"`)}`;

/** What is first asked of a fresh process, and of which Worker. */
const ASKED = [
  { title: "a bare Worker", worker: "bare", path: "/" },
  { title: "a Worker on Hono that reads once from D1", worker: "floor", path: "/read/1/nobody" },
  { title: "a SCIM look-up", worker: "rollcall", path: LOOK_UP },
  { title: "a page of the console", worker: "rollcall", path: "/console/sign-in" },
  { title: "the management API's description", worker: "rollcall", path: "/api/v1/openapi.json" },
] as const satisfies { title: string; worker: WorkerName; path: string }[];

/** CPU time (ms) until a process listened, and until it gave its first answer; and how long that took (ms). */
interface Start {
  loading: number;
  answering: number;
  wait: number;
}

/** Measures the first answer of fresh processes beside that of a bare Worker, in turns, and weighs the Worker; gives Markdown. */
export async function benchStart({ rounds }: BenchArguments): Promise<string> {
  const persist = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  try {
    const keys = { persist, operatorKey: randomUUID() + randomUUID(), sessionSecret: randomUUID() + randomUUID() };
    const setting = await seed(keys);
    const starts: Start[][] = ASKED.map(() => []);
    for (let turn = 0; turn < Math.max(PROCESSES, rounds); turn += 1)
      for (const [index, { worker, path }] of ASKED.entries())
        starts[index]?.push(await startOnce({ ...keys, workers: [worker] }, path, setting));
    return `${report(starts)}\n\n${await describeWeight()}`;
  } finally {
    rmSync(persist, { recursive: true, force: true });
  }
}

function report(starts: readonly Start[][]): string {
  const ofWorker = (wanted: WorkerName) => starts.filter((_, index) => ASKED[index]?.worker === wanted).flat();
  const middle = (of: readonly Start[], what: keyof Start) => median(of.map((one) => one[what]));
  const bare = ofWorker("bare");
  const rows = ASKED.map(({ title, worker }, index) => {
    const own = starts[index] ?? [];
    // All processes of a Worker load the same, whatever they are asked.
    const loading = middle(ofWorker(worker), "loading") - middle(bare, "loading");
    const figures = [
      loading,
      middle(own, "answering"),
      middle(own, "wait"),
      middle(own, "wait") / middle(bare, "wait"),
    ];
    return [title, ...figures.map(show)];
  });
  const head = ["the first answer of a fresh process", "CPU ms to load, beyond a bare Worker"];
  return table([...head, "CPU ms to answer", "ms to answer", "of the bare Worker's"], rows);
}

async function describeWeight(): Promise<string> {
  const { all, read, write } = await weighWorker();
  const [whole, first, written] = [all, read, write].map(({ bytes }) => show(bytes / 1000));
  const parts = Map.groupBy(all.files, ([path]) => partOf(path));
  const shares = [...parts]
    .map(([part, files]) => ({ part, bytes: files.reduce((total, [, bytes]) => total + bytes, 0) }))
    .sort((a, b) => b.bytes - a.bytes);
  const total = shares.reduce((sum, { bytes }) => sum + bytes, 0);
  const rows = shares.map(({ part, bytes }) => [part, show(bytes / 1000), show((bytes / total) * 100)]);
  return `The Worker: ${whole} KB (gzip) minified, of which ${first} KB run before SCIM's first answer to a read, and ${written} KB before that to a write. Of what it is made, before gzip:

${table(["part", "KB minified", "% of all"], rows)}`;
}

/** The library or the room that a file of the Worker belongs to. */
function partOf(path: string): string {
  const [, library] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  const [, room] = /^src\/([^/]+)\//.exec(path) ?? [];
  return library ?? (room === undefined ? "src" : `src/${room}`);
}

async function seed(keys: RuntimeOptions): Promise<BenchSetting> {
  const runtime = await startRuntime({ ...keys, workers: ["rollcall", "tools"] });
  try {
    const setting = await createSetting(runtime.urls.rollcall, runtime.operatorKey, "field");
    await seedPeople(runtime.urls.tools, setting, 100);
    return setting;
  } finally {
    await runtime.stop();
  }
}

async function startOnce(options: RuntimeOptions, path: string, { token }: BenchSetting): Promise<Start> {
  const runtime = await startRuntime(options);
  try {
    const loading = fineCpuTime(runtime.pid);
    const [worker = "rollcall"] = options.workers ?? [];
    const connection = await HttpConnection.open(runtime.urls[worker], token);
    const before = performance.now();
    const { status } = await connection.send({ method: "GET", path });
    const wait = performance.now() - before;
    connection.close();
    if (status !== 200) throw new Error(`${path} answered ${status}`);
    return { loading, answering: fineCpuTime(runtime.pid) - loading, wait };
  } finally {
    await runtime.stop();
  }
}
