import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments } from "./arguments.ts";
import { type Answer, HttpConnection, type Sent } from "./http-connection.ts";
import { show, table } from "./markdown.ts";
import { readCounters } from "./measure.ts";
import { person, userNameOf } from "./people.ts";
import { costOf, PRICES, type Use } from "./prices.ts";
import { cpuTime } from "./process-meter.ts";
import { createSetting } from "./setting.ts";
import { type Runtime, startRuntime } from "./start-runtime.ts";
import { percentile } from "./statistics.ts";

const CONNECTIONS = 40;
/** The object is billed as 128 MB for as long as it is awake. */
const OBJECT_GB = 0.125;
/** Of what the bill is said. */
const COMPANY = 100_000;
/** Of a company's people, those who join or leave in a month. A leaver, who asks for less, is counted as a joiner. */
const CHURN = 0.02;

interface Sync {
  rate: number;
  requests: number;
  errors: number;
  seconds: number;
  latencies: number[];
  use: Use;
}

/** Plays Entra's first sync at given rates; gives Markdown with the bill for 100,000 people. */
export async function benchFirstSync({ people, rates }: BenchArguments): Promise<string> {
  const syncs: Sync[] = [];
  for (const rate of rates) {
    const persist = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
    const runtime = await startRuntime({ persist, workers: ["rollcall", "counted"] });
    try {
      syncs.push(await sync(runtime, rate, people));
      console.error(`first sync at ${rate}/s: ${JSON.stringify({ ...syncs.at(-1), latencies: undefined })}`);
    } finally {
      await runtime.stop();
      rmSync(persist, { recursive: true, force: true });
    }
  }
  return [speed(syncs, people), bill(syncs.at(-1), people)].join("\n\n");
}

function speed(syncs: readonly Sync[], people: number): string {
  const head = [`first sync of ${show(people)}, asked for/s`, "done/s", "requests", "errors", "p50 ms", "p99 ms"];
  const rows = syncs.map(({ rate, requests, errors, seconds, latencies }) => [
    String(rate),
    ...[requests / seconds, requests, errors, percentile(latencies, 0.5), percentile(latencies, 0.99)].map(show),
  ]);
  return table(head, rows);
}

function bill(sync: Sync | undefined, people: number): string {
  if (sync === undefined) return "";
  const kinds = Object.keys(PRICES) as (keyof Use)[]; // its own keys
  const rows = kinds.map((kind) => {
    const first = (sync.use[kind] * COMPANY) / people;
    return [PRICES[kind].unit, show(first), show(first * CHURN)];
  });
  const total = (costOf(sync.use) * COMPANY) / people;
  rows.push(["**dollars**", `**${total.toFixed(2)}**`, `**${(total * CHURN).toFixed(2)}**`]);
  return table([`use by a company of ${show(COMPANY)}`, "first sync", "a month of 2% churn"], rows);
}

async function sync(runtime: Runtime, rate: number, people: number): Promise<Sync> {
  const url = runtime.urls.counted;
  const { token } = await createSetting(url, runtime.operatorKey, "idp");
  const group = await makeGroup(url, token);
  await readCounters(url);
  const pace = new Pace(rate);
  const tally = { requests: 0, errors: 0, latencies: [] as number[] };
  const started = performance.now();
  const cpu = cpuTime(runtime.pid) ?? Number.NaN;
  let next = 0;
  const connections = Math.min(CONNECTIONS, people);
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const connection = await HttpConnection.open(url, token);
      const send = async (sent: Sent): Promise<Answer> => {
        await pace.turn();
        const before = performance.now();
        const answer = await connection.send(sent);
        tally.latencies.push(performance.now() - before);
        tally.requests += 1;
        if (answer.status >= 300) tally.errors += 1;
        return answer;
      };
      for (let n = next++; n < people; n = next++) await provision(send, n, group);
      connection.close();
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  const used = (cpuTime(runtime.pid) ?? Number.NaN) - cpu;
  await new Promise((resolve) => setTimeout(resolve, 2_200));
  const counters = await readCounters(url);
  const use: Use = {
    requests: tally.requests,
    cpu: used,
    objectCalls: counters.objectCalls,
    objectDuration: seconds * OBJECT_GB,
    rowsRead: counters.rowsRead,
    rowsWritten: counters.rowsWritten,
    kvReads: counters.kvReads,
  };
  return { rate, seconds, use, ...tally, latencies: tally.latencies.sort((a, b) => a - b) };
}

async function makeGroup(url: string, token: string): Promise<string> {
  const connection = await HttpConnection.open(url, token);
  const body = JSON.stringify({ displayName: "Everybody" });
  const answer = await connection.send({ method: "POST", path: "/scim/v2/Groups", body });
  connection.close();
  return String(JSON.parse(answer.body.toString()).id);
}

/** One person as Entra does it: look up, create, add to the group. */
async function provision(send: (sent: Sent) => Promise<Answer>, n: number, group: string): Promise<void> {
  const filter = encodeURIComponent(`userName eq "${userNameOf(n)}"`);
  await send({ method: "GET", path: `/scim/v2/Users?filter=${filter}` });
  const made = await send({ method: "POST", path: "/scim/v2/Users", body: JSON.stringify(person(n)) });
  const value: unknown = JSON.parse(made.body.toString()).id;
  const Operations = [{ op: "Add", path: "members", value: [{ value }] }];
  await send({ method: "PATCH", path: `/scim/v2/Groups/${group}`, body: JSON.stringify({ Operations }) });
}

/** Lets callers pass at a steady rate. */
class Pace {
  readonly #gap: number;
  #next = performance.now();

  constructor(perSecond: number) {
    this.#gap = 1000 / perSecond;
  }

  async turn(): Promise<void> {
    const now = performance.now();
    this.#next = Math.max(this.#next + this.#gap, now - 1000);
    const wait = this.#next - now;
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
  }
}
