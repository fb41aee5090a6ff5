import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments } from "./arguments.ts";
import { type Answer, HttpConnection, type Sent } from "./http-connection.ts";
import { show, table } from "./markdown.ts";
import { runOpenLoop } from "./open-loop.ts";
import { person } from "./people.ts";
import { seedPeople } from "./seed.ts";
import { type BenchSetting, createSetting } from "./setting.ts";
import { type Runtime, startRuntime } from "./start-runtime.ts";
import { percentile } from "./statistics.ts";

/** What the one company has, and how many connections do its worst. */
const PEOPLE = 20_000;
const CONNECTIONS = 16;
/** The other company's reads: it is not the load, and each is counted from when it was due, so that a stall is felt by all who would have met it. */
const OTHERS = { rate: 40, connections: 64 };
/** A statement that no index answers takes the database so long (ms) at most, about. */
const STATEMENT = 30;
/** So many answers in a row without a refusal, more than a share that is whole pays for, and the index is there. */
const SERVED = 100;

const BARE = "/scim/v2/Users";

/** One way to do one's worst: the requests of a company by their number. */
interface Worst {
  title: string;
  request(n: number): Sent;
  /** Says when it is over, where it is not a matter of time. */
  isOver?(answer: Answer): boolean;
}

/** What is over by itself is waited for so long (s). */
const PATIENCE = 60;

function get(query: Record<string, string>): Sent {
  return { method: "GET", path: `${BARE}?${new URLSearchParams(query)}` };
}

const LONG = "x".repeat(280);
const EIGHT_TERMS = Array.from({ length: 8 }, (_, n) => `addresses.formatted ew "${LONG}${n}"`).join(" or ");
const REFUSED = Array.from({ length: 1_000 }, (_, n) => ({ method: "POST", path: "/Users", data: person(n) }));
const BULK = JSON.stringify({ Operations: REFUSED });

function worsts(): Worst[] {
  let served = 0;
  return [
    { title: "a filter of eight terms", request: () => get({ filter: EIGHT_TERMS }) },
    { title: "sortBy an address", request: () => get({ sortBy: "addresses.formatted", count: "200" }) },
    {
      title: "Bulk of 1,000 refused creates",
      request: () => ({ method: "POST", path: "/scim/v2/Bulk", body: BULK }),
    },
    {
      title: "look-ups while their index is built",
      request: (n) => get({ filter: `employeeNumber eq "${n % PEOPLE}"` }),
      isOver: ({ status }) => {
        served = status === 200 ? served + 1 : 0;
        return served >= SERVED;
      },
    },
  ];
}

/** Another company's reads while one company does its worst; gives Markdown with the ratios to those beside nothing. */
export async function benchFairness({ seconds }: BenchArguments): Promise<string> {
  const persist = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const runtime = await startRuntime({ persist, workers: ["rollcall", "tools"] });
  try {
    const other = await Other.open(runtime);
    const time = Math.max(10, seconds);
    const idle = await other.measure(time);
    const rows = [row("nothing", idle, idle, "", "")];
    for (const worst of worsts()) {
      // A company of its own each time: none pays for the one before it.
      const setting = await createSetting(runtime.urls.rollcall, runtime.operatorKey, "field");
      await seedPeople(runtime.urls.tools, setting, PEOPLE);
      await other.measure(1);
      console.error(`fairness: ${worst.title}`);
      rows.push(await measureBeside(runtime, setting, worst, { other, idle, time }));
    }
    const head = ["one company does", "p50 ms", "p99 ms", "p50 to idle", "p99 beyond idle, in statements"];
    return `${table([...head, "answered", "refused"], rows)}\n\nAt most 3 and 2 are promised; a statement is ${STATEMENT} ms.`;
  } finally {
    await runtime.stop();
    rmSync(persist, { recursive: true, force: true });
  }
}

async function measureBeside(
  { urls }: Runtime,
  { token }: BenchSetting,
  worst: Worst,
  { other, idle, time }: { other: Other; idle: number[]; time: number },
): Promise<string[]> {
  const counts = { answered: 0, refused: 0 };
  let isOver = false;
  let n = 0;
  const connections = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => HttpConnection.open(urls.rollcall, token)),
  );
  const work = connections.map(async (connection) => {
    while (!isOver) {
      const answer = await connection.send(worst.request(n++));
      if (answer.status !== 200 && answer.status !== 429) throw new Error(`${answer.status}: ${answer.body}`);
      counts[answer.status === 200 ? "answered" : "refused"] += 1;
      if (worst.isOver?.(answer) === true) isOver = true;
    }
  });
  const times = await other.measure(worst.isOver === undefined ? time : PATIENCE, () => isOver);
  isOver = true;
  await Promise.all(work);
  for (const connection of connections) connection.close();
  return row(worst.title, times, idle, show(counts.answered), show(counts.refused));
}

function row(title: string, times: readonly number[], idle: readonly number[], ...counts: string[]): string[] {
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  const beyond = Math.max(0, p99 - percentile(idle, 0.99)) / STATEMENT;
  return [title, ...[p50, p99, p50 / percentile(idle, 0.5), beyond].map(show), ...counts];
}

/** Another company, which reads one of its users now and then. */
class Other {
  readonly #baseUrl: string;
  readonly #token: string;
  readonly #path: string;

  private constructor(baseUrl: string, token: string, path: string) {
    this.#baseUrl = baseUrl;
    this.#token = token;
    this.#path = path;
  }

  static async open({ urls, operatorKey }: Runtime): Promise<Other> {
    const setting = await createSetting(urls.rollcall, operatorKey, "field");
    const [id = ""] = await seedPeople(urls.tools, setting, 100);
    return new Other(urls.rollcall, setting.token, `${BARE}/${id}`);
  }

  /** How long its reads take (ms), ascending, over some time (s) or until it is over. */
  async measure(seconds: number, isOver?: () => boolean): Promise<number[]> {
    const [baseUrl, token] = [this.#baseUrl, this.#token];
    const sent: Sent = { method: "GET", path: this.#path };
    const course = { baseUrl, token, request: () => ({ sent, expect: [200] }) };
    const { latencies, errors } = await runOpenLoop(course, { ...OTHERS, seconds, isOver });
    if (errors > 0) throw new Error(`${errors} of the other company's reads were not answered`);
    return latencies;
  }
}
