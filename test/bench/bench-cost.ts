import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { BenchArguments } from "./arguments.ts";
import { show, table } from "./markdown.ts";
import { costOf, PRICES, plus, times, type Use } from "./prices.ts";
import { cpuTime } from "./process-meter.ts";
import { seedPeople } from "./seed.ts";
import { createSetting } from "./setting.ts";
import { startRuntime } from "./start-runtime.ts";
import type { Costs } from "./workers/cost-of-requests.ts";
import type { Rows } from "./workers/rows-by-table.ts";

/** Of what the bill is said, and how many requests of it come in a second: Entra's pace. */
const COMPANY = 100_000;
const PACE = 25;
/** Of a company's people, those who join or leave in a month. A leaver is counted as a joiner. */
const CHURN = 0.02;
/** Waves of people that are counted, and people whose size in the database is measured. */
const WAVES = 60;
const SEEDED = 10_000;
/** The object is billed as 128 MB for as long as it is awake. */
const OBJECT_GB = 0.125;

/** Counts the rows that requests write, by table and index, and what a company's first sync and a month cost; gives Markdown. */
export async function benchCost(_: BenchArguments): Promise<string> {
  const { costs, cpu } = await count();
  const stored = await storedByPerson();
  const joiner = useOf(costs, cpu);
  return [
    operations(costs),
    person(costs),
    bill(joiner, stored),
    `rows written for one person: ${show(written(costs.sync) / costs.people)}`,
  ].join("\n\n");
}

async function count(): Promise<{ costs: Costs; cpu: number }> {
  const persist = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const runtime = await startRuntime({ persist, workers: ["cost"] });
  try {
    const ask = async (waves: number): Promise<Costs> => {
      const response = await fetch(`${runtime.urls.cost}/bench/cost?waves=${waves}`);
      if (!response.ok) throw new Error(await response.text());
      return (await response.json()) as Costs; // our own Worker, which gives that
    };
    await ask(10);
    const before = cpuTime(runtime.pid) ?? Number.NaN;
    const costs = await ask(WAVES);
    return { costs, cpu: (cpuTime(runtime.pid) ?? Number.NaN) - before };
  } finally {
    await runtime.stop();
    rmSync(persist, { recursive: true, force: true });
  }
}

function written({ tables }: Rows): number {
  return Object.values(tables).reduce((sum, rows) => sum + rows, 0);
}

function operations({ single }: Costs): string {
  const rows = Object.entries(single).map(([name, cost]) => [name, show(written(cost)), byTable(cost)]);
  return table(["rows written by one request alone", "rows", "by table (of these new in indexes)"], rows);
}

function byTable({ tables, indexes }: Rows): string {
  const parts = Object.entries(tables).map(([name, rows]) => {
    const own = Object.entries(indexes).filter(
      ([index, by]) => by > 0 && (index.startsWith(`${name}_by_`) || index === `${name}_failures`),
    );
    const within = own.map(([index, by]) => `${index.slice(name.length + 1)} ${by}`).join(", ");
    return `${name} ${rows}${within === "" ? "" : ` (${within})`}`;
  });
  return parts.join("; ");
}

function person({ sync, people, connections }: Costs): string {
  const each = (rows: number) => show(rows / people);
  const rows = Object.entries(sync.tables).flatMap(([name, count]) => [
    [name, each(count)],
    ...Object.entries(sync.indexes)
      .filter(([index]) => index.startsWith(`${name}_by_`) || index === `${name}_failures`)
      .map(([index, by]) => [`of these in ${index}`, each(by)]),
  ]);
  const head = `rows written for one person of a first sync, ${connections} requests at once: look up, create, add to a group`;
  return table([head, "rows"], [...rows, ["**all**", `**${each(written(sync))}**`]]);
}

/** The use of one person's joining. */
function useOf({ sync, people }: Costs, cpu: number): Use {
  const all = {
    ...{
      requests: sync.requests,
      cpu,
      objectCalls: sync.objectCalls,
      objectDuration: (sync.requests / PACE) * OBJECT_GB,
    },
    ...{ rowsRead: sync.rowsRead, rowsWritten: written(sync), kvReads: sync.kvReads, stored: sync.bytes / 1e9 },
  };
  return times(all, 1 / people);
}

interface Stored {
  /** Bytes of one person in the database, and those of them that are of its changes in the feed. */
  bytes: number;
  feed: number;
}

/** What one who has long been there keeps stored: of the log nothing, of the feed what it is kept for. */
async function storedByPerson(): Promise<Stored> {
  const persist = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  try {
    const runtime = await startRuntime({ persist, workers: ["rollcall", "tools"] });
    try {
      const setting = await createSetting(runtime.urls.rollcall, runtime.operatorKey, "field");
      await seedPeople(runtime.urls.tools, setting, SEEDED);
    } finally {
      await runtime.stop();
    }
    const folder = join(persist, "d1/miniflare-D1DatabaseObject");
    const [file = ""] = readdirSync(folder).filter((name) => /^[0-9a-f]+\.sqlite$/.test(name));
    const database = new DatabaseSync(join(folder, file));
    const sum = (condition: string) =>
      Number(database.prepare(`SELECT sum(pgsize) AS bytes FROM dbstat WHERE ${condition}`).get()?.bytes ?? 0);
    const stored = { bytes: sum("TRUE") / SEEDED, feed: sum("name GLOB 'changes*'") / SEEDED };
    database.close();
    return stored;
  } finally {
    rmSync(persist, { recursive: true, force: true });
  }
}

function bill(joiner: Use, { bytes, feed }: Stored): string {
  const first = times(joiner, COMPANY);
  const kept = (each: number) => ({ ...times(first, 0), stored: (each * COMPANY) / 1e9 });
  const month = (each: number) => plus(times(first, CHURN), kept(each));
  const uses = [first, month(bytes), month(bytes - feed)];
  const kinds = Object.keys(PRICES) as (keyof Use)[]; // its own keys
  const rows = kinds.map((kind) => {
    const { unit, dollars, per } = PRICES[kind];
    const part = ({ [kind]: used }: Use) => `${show(used)} · $${((used * dollars) / per).toFixed(3)}`;
    return [`${unit}, $${dollars} for ${show(per)}`, ...uses.map(part)];
  });
  rows.push(["**dollars**", ...uses.map((use) => `**${costOf(use).toFixed(2)}**`)]);
  const head = ["first sync", `a month of ${show(CHURN * 100)}% churn`, "the same, 90 days after the first sync"];
  return `${table([`use and price of a company of ${show(COMPANY)}`, ...head], rows)}

Prices of November 2026, from the first unit on: test/bench/prices.ts names their source. D1's CPU time is counted as ours, ${PACE} requests come in a second, and the feed is kept for 90 days.`;
}
