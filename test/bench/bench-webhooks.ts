import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LoopbackReceiver } from "../webhooks/loopback-receiver.ts";
import type { BenchArguments } from "./arguments.ts";
import { show, table } from "./markdown.ts";
import { readCounters } from "./measure.ts";
import { cpuTime } from "./process-meter.ts";
import { callTool, seedPeople } from "./seed.ts";
import { createSetting } from "./setting.ts";
import { type Runtime, startRuntime } from "./start-runtime.ts";
import type { PostLoopResult } from "./workers/post-loop.ts";

/** How many endpoints a company has, and how long each takes to answer (ms). */
const CASES = [
  { endpoints: 1, delay: 0 },
  { endpoints: 1, delay: 5 },
  { endpoints: 1, delay: 20 },
  { endpoints: 4, delay: 0 },
  { endpoints: 4, delay: 20 },
];
/** People whose changes wait when the endpoints are switched on: more than are delivered in the time of one case. */
const PEOPLE = 6_000;

const BOUND = `One request is under way at a time for each endpoint, since the next change must not pass one that was not
accepted: its rate is 1 over the time that a request takes. The bare loop is that time alone, without D1 and signatures.`;

/** Lets a feed pile up and measures how fast couriers drain it, beside a loop of bare requests; gives Markdown. */
export async function benchWebhooks({ seconds }: BenchArguments): Promise<string> {
  const persist = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const runtime = await startRuntime({ persist, workers: ["counted", "tools"] });
  try {
    const rows = [];
    for (const one of CASES) rows.push(await measureCase(runtime, one, Math.max(3, seconds)));
    const head = [
      "endpoints",
      "answer after ms",
      "changes/s each",
      "bare loop/s",
      "of the bare loop",
      "changes/s in all",
    ];
    const costs = ["D1 trips a change", "rows read", "rows written", "CPU ms"];
    return `${table([...head, ...costs], rows)}\n\n${BOUND}`;
  } finally {
    await runtime.stop();
    rmSync(persist, { recursive: true, force: true });
  }
}

async function measureCase(
  runtime: Runtime,
  { endpoints, delay }: (typeof CASES)[number],
  seconds: number,
): Promise<string[]> {
  const { urls, operatorKey, pid } = runtime;
  const setting = await createSetting(urls.counted, operatorKey, "field");
  const path = `/companies/${setting.companyId}/webhooks`;
  const call = (method: string, rest: string, body: unknown) => callApi(runtime, method, path + rest, body);
  const receivers = Array.from({ length: endpoints }, () => new LoopbackReceiver());
  const hooks: string[] = [];
  for (const receiver of receivers) {
    receiver.behave = () => ({ status: 204, delay });
    const { id } = await call("POST", "", { url: await receiver.open() });
    await call("PATCH", `/${id}`, { enabled: false });
    hooks.push(id);
  }
  await seedPeople(urls.tools, setting, PEOPLE);
  await readCounters(urls.counted);
  const before = cpuTime(pid);
  await Promise.all(hooks.map((id) => call("PATCH", `/${id}`, { enabled: true })));
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const taken = receivers.reduce((sum, receiver) => sum + receiver.taken.length, 0);
  const counters = await readCounters(urls.counted);
  const after = cpuTime(pid);
  await Promise.all(hooks.map((id) => call("DELETE", `/${id}`, undefined)));
  const loop = await bareLoop(runtime, delay, seconds);
  for (const receiver of receivers) receiver.close();
  const rate = taken / seconds;
  const cost = [counters.objectTrips, counters.rowsRead, counters.rowsWritten].map((count) => show(count / taken));
  const cpu = before === null || after === null ? Number.NaN : (after - before) / taken;
  const rates = [rate / endpoints, loop, rate / endpoints / loop, rate].map(show);
  return [String(endpoints), String(delay), ...rates, ...cost, show(cpu)];
}

/** How many bare requests a second the same receiver takes, one at a time. */
async function bareLoop({ urls }: Runtime, delay: number, seconds: number): Promise<number> {
  const receiver = new LoopbackReceiver();
  receiver.behave = () => ({ status: 204, delay });
  const body = JSON.stringify({ data: "x".repeat(500) });
  const request = { url: await receiver.open(), body, seconds };
  const { posts, seconds: taken } = await callTool<PostLoopResult>(urls.tools, "/post-loop", request);
  receiver.close();
  return posts / taken;
}

async function callApi(
  { urls, operatorKey }: Runtime,
  method: string,
  path: string,
  body: unknown,
): Promise<{ id: string }> {
  const response = await fetch(`${urls.counted}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${operatorKey}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return text === "" ? { id: "" } : JSON.parse(text);
}
