import { cpSync } from "node:fs";
import { ClosedLoop, type Load } from "./closed-loop.ts";
import type { Answer, Sent } from "./http-connection.ts";
import { person } from "./people.ts";
import { type BenchSetting, createSetting } from "./setting.ts";
import { startRuntime } from "./start-runtime.ts";
import type { SentBatch } from "./workers/record-batches.ts";

/** Where a commit ends: every one begins its batch with the fence (src/unit/commit-fence.ts). */
const FENCE = /^UPDATE companies SET commit_no\b/;

/** The batches of lone creates, recorded of the product's writers. */
export interface Recording {
  texts: string[];
  /** By company, the batches of one create after the other. */
  companies: SentBatch[][][];
}

/**
 * Makes companies in the folder `persist`, copies its state to `copy`, and records what the writer of each sends for creates,
 * one at a time for so many seconds, all companies at once. In the copy the database `replayed` stands where the recording began.
 */
export async function recordCreates(
  { persist, copy }: { persist: string; copy: string },
  companies: number,
  seconds: number,
): Promise<Recording> {
  const secrets = { operatorKey: crypto.randomUUID().repeat(2), sessionSecret: crypto.randomUUID().repeat(2) };
  const options = { persist, workers: ["recorded"], ...secrets } as const;
  const empty = await startRuntime(options);
  const settings: BenchSetting[] = [];
  try {
    for (let n = 0; n < companies; n += 1)
      settings.push(await createSetting(empty.urls.recorded, empty.operatorKey, "field"));
  } finally {
    await empty.stop();
  }
  cpSync(persist, copy, { recursive: true });
  const { urls, stop } = await startRuntime(options);
  try {
    await Promise.all(settings.map(({ token }) => createAlone(urls.recorded, token, seconds)));
    const read = async (path: string) => (await fetch(`${urls.recorded}/bench/${path}`)).json();
    const texts = (await read("texts")) as string[]; // our own Worker, which gives that, as below
    const recorded: SentBatch[][][] = [];
    for (const { companyId } of settings)
      recorded.push(byCommit(texts, (await read(`batches/${companyId}`)) as SentBatch[]));
    return { texts, companies: recorded };
  } finally {
    await stop();
  }
}

async function createAlone(baseUrl: string, token: string, seconds: number): Promise<void> {
  const loop = await ClosedLoop.open({ baseUrl, token, request: createsOf(), expect: [201] }, 1);
  await loop.run(seconds);
  loop.close();
}

/** The requests that create one person after the other. */
export function createsOf(): () => Sent {
  let n = 0;
  return () => ({ method: "POST", path: "/scim/v2/Users", body: JSON.stringify(person(n++)) });
}

/** Batches by the commit that they end in: what a create reads comes before what it writes. */
function byCommit(texts: readonly string[], batches: readonly SentBatch[]): SentBatch[][] {
  const commits: SentBatch[][] = [];
  let current: SentBatch[] = [];
  for (const batch of batches) {
    current.push(batch);
    if (!FENCE.test(texts[batch.statements[0]?.[0] ?? -1] ?? "")) continue;
    commits.push(current);
    current = [];
  }
  return commits;
}

/** Has the floor Worker on the copy learn the texts of a recording. */
export async function learnTexts(floorUrl: string, texts: readonly string[]): Promise<void> {
  const { ok, status } = await fetch(`${floorUrl}/texts`, { method: "POST", body: JSON.stringify(texts) });
  if (!ok) throw new Error(`the floor learns no texts: ${status}`);
}

/** The load that sends creates of a recording again, a connection to each company, in so many runs at most. */
export class Replay implements Load {
  readonly token = "";
  readonly expect = [200];
  readonly baseUrl: string;
  readonly #companies: SentBatch[][][];
  /** Creates of each company that a run may send: what is left for the others. */
  readonly #share: number;
  readonly #next: number[];
  #end: number[] = [];

  constructor(floorUrl: string, { companies }: Recording, runs: number) {
    this.baseUrl = floorUrl;
    this.#companies = companies;
    this.#share = Math.floor(Math.min(...companies.map(({ length }) => length)) / runs);
    if (this.#share === 0) throw new Error(`too few creates were recorded for ${runs} runs`);
    this.#next = companies.map(() => 0);
    this.startRun();
  }

  /** Gives each company its share of another run. */
  startRun(): void {
    this.#end = this.#next.map((next) => next + this.#share);
  }

  request(company: number): Sent | null {
    const next = this.#next[company] ?? 0;
    const create = this.#companies[company]?.[next];
    if (create === undefined || next === this.#end[company]) return null;
    this.#next[company] = next + 1;
    const batches = create.map(({ statements }) => statements);
    return { method: "POST", path: `/replay/${company}`, body: JSON.stringify(batches) };
  }

  /** Throws where a replay wrote another number of rows than what it repeats. */
  note(company: number, { body }: Answer): void {
    const create = this.#companies[company]?.[(this.#next[company] ?? 0) - 1] ?? [];
    const rows = create.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0);
    if (Number(body.toString()) !== rows) throw new Error(`a replay wrote ${body} rows, and what it repeats ${rows}`);
  }
}
