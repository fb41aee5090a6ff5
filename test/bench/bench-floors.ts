import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments } from "./arguments.ts";
import { ClosedLoop } from "./closed-loop.ts";
import { show, table } from "./markdown.ts";
import { bareWrite } from "./measure.ts";
import { type Runtime, startRuntime } from "./start-runtime.ts";
import { median } from "./statistics.ts";
import { seedWorld, type World } from "./world.ts";

/** The bare write, the floor of all writes, and what becomes of it when something puts the writes into an order. */
const ROUTES = {
  "a Worker, two trips of one statement: the floor": "/write",
  "the same in an object": "/ordered/1/1",
  "in an object, trips of four and six statements": "/ordered/4/6",
};

/** Measures how much of a write's floor is left to one that goes through an object, as ordered writes must; gives Markdown. */
export async function benchFloors(args: BenchArguments): Promise<string> {
  const persist = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const runtime = await startRuntime({ persist });
  try {
    const world = await seedWorld(runtime, 1_000);
    const rows: string[][] = [];
    for (const connections of args.connections) rows.push(...(await compare(runtime, world, connections, args)));
    return table(["a bare write", "conn.", "requests/s", "of the floor"], rows);
  } finally {
    await runtime.stop();
    rmSync(persist, { recursive: true, force: true });
  }
}

/** Loads the routes in turns; gives a row for each. */
async function compare(
  { urls }: Runtime,
  { field }: World,
  connections: number,
  { rounds, seconds }: Pick<BenchArguments, "rounds" | "seconds">,
): Promise<string[][]> {
  const loops: ClosedLoop[] = [];
  for (const route of Object.values(ROUTES))
    loops.push(await ClosedLoop.open(bareWrite(urls.floor, field, route), connections));
  for (const loop of loops) await loop.run(seconds / 2);
  const rates: number[][] = loops.map(() => []);
  for (let round = 0; round < rounds; round += 1)
    for (const [index, loop] of loops.entries()) {
      const { requests, seconds: taken } = await loop.run(seconds);
      rates[index]?.push(requests / taken);
    }
  for (const loop of loops) loop.close();
  const [floor = []] = rates;
  return Object.keys(ROUTES).map((title, index) => {
    const own = rates[index] ?? [];
    const ratio = median(own.map((rate, round) => rate / (floor[round] ?? Number.NaN)));
    return [title, String(connections), show(median(own)), show(ratio)];
  });
}
