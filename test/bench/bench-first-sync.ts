import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments } from "./arguments.ts";
import { growth } from "./growth.ts";
import { type Answer, HttpConnection, type Sent } from "./http-connection.ts";
import { show, table } from "./markdown.ts";
import { LOG_PATIENCE, readCounters } from "./measure.ts";
import { person, userNameOf } from "./people.ts";
import { costOf, PRICES, plus, times, type Use } from "./prices.ts";
import { cpuTime } from "./process-meter.ts";
import { seedPeople } from "./seed.ts";
import { type BenchSetting, createSetting } from "./setting.ts";
import { type Runtime, startRuntime } from "./start-runtime.ts";
import { percentile } from "./statistics.ts";

const CONNECTIONS = 40;
/** The object is billed as 128 MB for as long as it is awake. */
const OBJECT_GB = 0.125;
/** Of what the bill is said. */
const COMPANY = 100_000;
/** Of a company's people, those who join or leave in a month. A leaver, who asks for less, is counted as a joiner. */
const CHURN = 0.02;
/** Looks at the change feed that are counted. */
const POLLS = 100;
/** People whose size on the disk is measured. */
const SEEDED = 20_000;

/** What was asked and answered while the sync ran at one rate. */
interface Stage {
  rate: number;
  seconds: number;
  requests: number;
  errors: number;
  latencies: number[];
}

/**
 * Plays Entra's first sync, at one rate after the other and at the last one to its end; gives Markdown with the bill for
 * 100,000 people and for many companies.
 */
export async function benchFirstSync({ people, rates, stage }: BenchArguments): Promise<string> {
  const persist = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const runtime = await startRuntime({ persist, workers: ["rollcall", "counted"] });
  try {
    const setting = await createSetting(runtime.urls.counted, runtime.operatorKey, "idp");
    const stages: Stage[] = [];
    const synced = await counted(runtime, async () => {
      stages.push(...(await sync(runtime, setting, { people, rates, stage })));
      return sum(stages, "requests");
    });
    const polled = await counted(runtime, () => poll(runtime, setting));
    const joiner = times({ ...synced, stored: diskUse(persist) / 1e9 }, 1 / people);
    const member = { ...times(joiner, 0), stored: (await seededSize()) / 1e9 / SEEDED };
    const many = growth({ joiner, member, poll: times(polled, 1 / POLLS) });
    return [speed(stages, people), bill(joiner, member), many].join("\n\n");
  } finally {
    await runtime.stop();
    rmSync(persist, { recursive: true, force: true });
  }
}

function sum(stages: readonly Stage[], what: "requests" | "errors" | "seconds"): number {
  return stages.reduce((total, stage) => total + stage[what], 0);
}

function speed(stages: readonly Stage[], people: number): string {
  const head = [`first sync of ${show(people)}, asked for/s`, "done/s", "requests", "errors", "p50 ms", "p99 ms"];
  const rows = stages.map(({ rate, requests, errors, seconds, latencies }) => {
    const sorted = latencies.sort((a, b) => a - b);
    const figures = [requests / seconds, requests, errors, percentile(sorted, 0.5), percentile(sorted, 0.99)];
    return [String(rate), ...figures.map(show)];
  });
  return table(head, rows);
}

function bill(joiner: Use, member: Use): string {
  const first = times(joiner, COMPANY);
  const month = plus(times(first, CHURN), times(member, COMPANY));
  const kinds = Object.keys(PRICES) as (keyof Use)[]; // its own keys
  const rows = kinds.map((kind) => [PRICES[kind].unit, show(first[kind]), show(month[kind])]);
  rows.push(["**dollars**", ...[first, month].map((use) => `**${costOf(use).toFixed(2)}**`)]);
  return table([`use by a company of ${show(COMPANY)}`, "first sync", "a month of 2% churn"], rows);
}

/** What a piece of work asks of the platform; the work gives its number of requests. */
async function counted({ urls, pid }: Runtime, work: () => Promise<number>): Promise<Use> {
  await readCounters(urls.counted);
  const cpu = cpuTime(pid) ?? Number.NaN;
  const started = performance.now();
  const requests = await work();
  const awake = (performance.now() - started) / 1000;
  const used = (cpuTime(pid) ?? Number.NaN) - cpu;
  await new Promise((resolve) => setTimeout(resolve, LOG_PATIENCE));
  const { objectCalls, rowsRead, rowsWritten, kvReads } = await readCounters(urls.counted);
  const objectDuration = objectCalls === 0 ? 0 : awake * OBJECT_GB;
  return { requests, cpu: used, objectCalls, objectDuration, rowsRead, rowsWritten, kvReads, stored: 0 };
}

async function sync(
  { urls }: Runtime,
  { token }: BenchSetting,
  { people, rates, stage }: Pick<BenchArguments, "people" | "rates" | "stage">,
): Promise<Stage[]> {
  const group = await makeGroup(urls.counted, token);
  const stages: Stage[] = [];
  let next = 0;
  for (const [index, rate] of rates.entries()) {
    const until = index === rates.length - 1 ? Number.POSITIVE_INFINITY : performance.now() + stage * 1000;
    const pace = new Pace(rate);
    const tally: Stage = { rate, seconds: 0, requests: 0, errors: 0, latencies: [] };
    const started = performance.now();
    const worker = async () => {
      const connection = await HttpConnection.open(urls.counted, token);
      const send = async (sent: Sent): Promise<Answer> => {
        // From when it was due, so that a pause of the server counts for all who would have met it.
        const due = await pace.turn();
        const answer = await connection.send(sent);
        tally.latencies.push(performance.now() - due);
        tally.requests += 1;
        if (answer.status >= 300) tally.errors += 1;
        return answer;
      };
      while (next < people && performance.now() < until) await provision(send, next++, group);
      connection.close();
    };
    await Promise.all(Array.from({ length: Math.min(CONNECTIONS, people) }, worker));
    tally.seconds = (performance.now() - started) / 1000;
    console.error(`first sync at ${rate}/s: ${JSON.stringify({ ...tally, latencies: undefined })}`);
    stages.push(tally);
  }
  return stages;
}

async function poll({ urls, operatorKey }: Runtime, { companyId }: BenchSetting): Promise<number> {
  const connection = await HttpConnection.open(urls.counted, operatorKey);
  for (let n = 0; n < POLLS; n += 1)
    await connection.send({ method: "GET", path: `/api/v1/companies/${companyId}/changes?after=0&limit=1` });
  connection.close();
  return POLLS;
}

/** The bytes of a state with people who have long been there: no row of the provisioning log is about them. */
async function seededSize(): Promise<number> {
  const persist = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const runtime = await startRuntime({ persist, workers: ["rollcall", "tools"] });
  try {
    const setting = await createSetting(runtime.urls.rollcall, runtime.operatorKey, "field");
    await seedPeople(runtime.urls.tools, setting, SEEDED);
    return diskUse(persist);
  } finally {
    await runtime.stop();
    rmSync(persist, { recursive: true, force: true });
  }
}

/** The bytes that the state of a runtime takes on the disk. */
function diskUse(persist: string): number {
  const entries = readdirSync(persist, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .reduce((bytes, { parentPath, name }) => bytes + statSync(join(parentPath, name)).size, 0);
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

/** Lets callers pass at a steady rate, one at each moment; those moments stay, however late a caller comes. */
class Pace {
  readonly #gap: number;
  #next = performance.now();

  constructor(perSecond: number) {
    this.#gap = 1000 / perSecond;
  }

  /** Waits for the next moment; gives it. */
  async turn(): Promise<number> {
    const due = this.#next;
    this.#next += this.#gap;
    const wait = due - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    return due;
  }
}
