import { cpSync } from "node:fs";
import { entraMix } from "./entra-mix.ts";
import type { Sent } from "./http-connection.ts";
import { type Course, type OpenLoop, runOpenLoop } from "./open-loop.ts";
import { learnTexts } from "./replayed-creates.ts";
import { type Runtime, startRuntime } from "./start-runtime.ts";
import type { SentBatch } from "./workers/record-batches.ts";
import type { RecordedRequests } from "./workers/recorded.ts";
import { seedWorld } from "./world.ts";

/** The database that is recorded, and replayed on a copy of it as it was before. */
const REPLAYED = "replayed";

/** Of each recorded run, what a bare Worker is asked in its place, in the order in which the requests came. */
interface RecordedMix {
  texts: string[];
  runs: Sent[][];
}

/** What is recorded: the loops one after the other, of a product with so many people; `started` is told its process. */
interface RecordingOptions {
  people: number;
  loops: readonly OpenLoop[];
  started: (pid: number | null) => void;
}

/**
 * Has the product, with its state in the folder `persist`, answer Entra's mix in open loops, one after the other, and
 * records what it sends to D1 for it. In `copy` the database stands where the recording began.
 */
export async function recordMix(
  { persist, copy }: { persist: string; copy: string },
  { people, loops, started }: RecordingOptions,
): Promise<RecordedMix> {
  const secrets = { operatorKey: crypto.randomUUID().repeat(2), sessionSecret: crypto.randomUUID().repeat(2) };
  const options = { persist, ...secrets, database: REPLAYED };
  const seeding = await startRuntime({ ...options, workers: ["rollcall", "tools"] });
  const world = await seedWorld(seeding, people).finally(() => seeding.stop());
  cpSync(persist, copy, { recursive: true });
  const { urls, pid, stop } = await startRuntime({ ...options, workers: ["recorded"] });
  started(pid);
  try {
    const course = entraMix({ baseUrl: urls.recorded, world });
    const read = async (path: string): Promise<never> =>
      (await fetch(`${urls.recorded}/bench/${path}`)).json() as never;
    const trips = new RecordedTrips();
    const runs: Sent[][] = [];
    for (const loop of loops) {
      const { errors } = await runOpenLoop(course, loop);
      if (errors > 0) throw new Error(`${errors} requests failed while they were recorded`);
      runs.push(trips.replace(await read(`requests/${world.idp.companyId}`)));
    }
    return { texts: await read("texts"), runs };
  } finally {
    await stop();
  }
}

/** Puts the trips of the requests that are recorded together, run after run. */
export class RecordedTrips {
  #runs = 0;
  /** Batches of the writer after the last request's, as of the log's own rows: the next commit takes them along. */
  #left: SentBatch[] = [];

  /** What a bare Worker is asked in place of the requests of a run. */
  replace({ requests, reads, writes }: RecordedRequests): Sent[] {
    const run = this.#runs++;
    const sent = [...this.#left, ...writes];
    const before = this.#left.length;
    const ends = [...new Set(requests.flatMap(({ written }) => (written === null ? [] : [written + before])))];
    ends.sort((a, b) => a - b);
    const commits = new Map(
      ends.map((end, index) => [end, new Trip(`write/${run}/${index}`, sent.slice(ends[index - 1] ?? 0, end))]),
    );
    this.#left = sent.slice(ends.at(-1) ?? 0);
    const looks = reads.map((batch, index) => new Trip(`read/${run}/${index}`, [batch]));
    const trips = requests.map(({ written, reads: [own, ...more] }) => {
      const trip = written === null ? looks[own ?? -1] : commits.get(written + before);
      if (trip === undefined || more.length > 0 || (written !== null && own !== undefined))
        throw new Error("a request of the mix made other trips than one commit or one read");
      trip.sharers += 1;
      return trip;
    });
    return trips.map((trip, index) => trip.request(trips.lastIndexOf(trip) === index));
  }
}

/** A read, or what a commit read and wrote, and how many requests share it. */
class Trip {
  sharers = 0;
  readonly #name: string;
  readonly #batches: SentBatch[];

  constructor(name: string, batches: SentBatch[]) {
    this.#name = name;
    this.#batches = batches;
  }

  /** A request that shares it; the last one brings its statements. */
  request(isLast: boolean): Sent {
    const body = isLast ? JSON.stringify(this.#batches) : "";
    return { method: "POST", path: `/trip/${this.#name}/${this.sharers}`, body };
  }
}

/** Has a bare Worker replay a recording, run after run, on the database as it was before. */
export class ReplayedMix {
  readonly #runtime: Runtime;
  readonly #runs: Sent[][];

  private constructor(runtime: Runtime, runs: Sent[][]) {
    this.#runtime = runtime;
    this.#runs = runs;
  }

  static async start(copy: string, { texts, runs }: RecordedMix): Promise<ReplayedMix> {
    const runtime = await startRuntime({ persist: copy, workers: ["floor"] });
    await learnTexts(runtime.urls.floor, texts);
    return new ReplayedMix(runtime, [...runs]);
  }

  get pid(): number | null {
    return this.#runtime.pid;
  }

  /** The requests of the next run. */
  next(): Course {
    const run = this.#runs.shift() ?? [];
    const request = (n: number) => {
      const sent = run[n];
      if (sent === undefined) throw new Error("more is replayed than was recorded");
      return { sent, expect: [200] };
    };
    return { baseUrl: this.#runtime.urls.floor, token: "", request };
  }

  stop(): Promise<void> {
    return this.#runtime.stop();
  }
}
