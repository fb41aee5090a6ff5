import { cpSync, rmSync } from "node:fs";
import type { Load } from "./closed-loop.ts";
import { HttpConnection } from "./http-connection.ts";
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
 * Makes companies in the folder `persist`, copies its state to `copy`, and records what the writer of each sends for so many
 * creates, one at a time, all companies at once. The copy stands where the recording began.
 */
export async function recordCreates(
  { persist, copy }: { persist: string; copy: string },
  companies: number,
  creates: number,
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
    await Promise.all(settings.map(({ token }) => createAlone(urls.recorded, token, creates)));
    const read = async (path: string) => (await fetch(`${urls.recorded}/bench/${path}`)).json();
    const texts = (await read("texts")) as string[]; // our own Worker, which gives that, as below
    const recorded: SentBatch[][][] = [];
    for (const { companyId } of settings)
      recorded.push(byCommit(texts, (await read(`batches/${companyId}`)) as SentBatch[]));
    return { texts, companies: recorded };
  } finally {
    await stop();
    rmSync(persist, { recursive: true, force: true });
  }
}

async function createAlone(url: string, token: string, creates: number): Promise<void> {
  const connection = await HttpConnection.open(url, token);
  for (let n = 0; n < creates; n += 1) {
    const { status, body } = await connection.send({
      method: "POST",
      path: "/scim/v2/Users",
      body: JSON.stringify(person(n)),
    });
    if (status !== 201) throw new Error(`a create that is recorded answered ${status}: ${body}`);
  }
  connection.close();
}

/** Batches by the commit that they end in: what a create reads comes before what it writes. */
export function byCommit(texts: readonly string[], batches: readonly SentBatch[]): SentBatch[][] {
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

/** Has a floor Worker on the copy learn the texts; gives the load that sends a company's creates again, a connection to each. */
export async function replayOf(floorUrl: string, { texts, companies }: Recording): Promise<Load> {
  const learnt = await fetch(`${floorUrl}/texts`, { method: "POST", body: JSON.stringify(texts) });
  if (!learnt.ok) throw new Error(`the floor learns no texts: ${learnt.status}`);
  const next = companies.map(() => 0);
  const rows = companies.map(() => 0);
  return {
    baseUrl: floorUrl,
    token: "",
    expect: [200],
    request: (company) => {
      const create = companies[company]?.[next[company] ?? 0];
      if (create === undefined) throw new Error("more creates are asked for than were recorded");
      next[company] = (next[company] ?? 0) + 1;
      rows[company] = create.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0);
      const batches = create.map(({ statements }) => statements);
      return { method: "POST", path: `/replay/${company}`, body: JSON.stringify(batches) };
    },
    note: (company, { body }) => {
      if (Number(body.toString()) === rows[company]) return;
      throw new Error(`a replay wrote ${body} rows, and what it repeats ${rows[company]}`);
    },
  };
}
