import type { BenchArguments } from "./arguments.ts";
import { ClosedLoop, type Measured } from "./closed-loop.ts";
import { show, table } from "./markdown.ts";
import { loadOf } from "./measure.ts";
import type { Operation } from "./operations.ts";
import { PEER_OPERATIONS } from "./peer-operations.ts";
import { type Side, startProduct, startScimmy } from "./start-peer.ts";
import { median, percentile } from "./statistics.ts";

const PEOPLE = 1_000;

/** Measures the product beside peers in one run, all of them in turns; gives Markdown. */
export async function benchPeers(args: BenchArguments): Promise<string> {
  const sides: Side[] = [];
  try {
    sides.push(await startProduct(PEOPLE), await startScimmy(PEOPLE, "FULL"), await startScimmy(PEOPLE, "NORMAL"));
    const rows: string[][] = [];
    for (const operation of PEER_OPERATIONS)
      for (const connections of args.connections) rows.push(...(await compare(sides, operation, connections, args)));
    const head = ["operation", "conn.", "server", "requests/s", "p50 ms", "p99 ms", "Rollcall's rate to its"];
    const stores = sides.map(({ title, store }) => `- ${title}: ${store}`).join("\n");
    return `${table(head, rows)}\n\n${stores}`;
  } finally {
    for (const side of sides) await side.stop();
  }
}

async function compare(
  sides: readonly Side[],
  operation: Operation,
  connections: number,
  { rounds, seconds }: BenchArguments,
): Promise<string[][]> {
  const lanes: { side: Side; loop: ClosedLoop; runs: Measured[] }[] = [];
  for (const side of sides) {
    const loop = await ClosedLoop.open(loadOf(side.baseUrl, side.world, operation), connections);
    lanes.push({ side, loop, runs: [] });
    await loop.run(seconds / 2);
  }
  for (let round = 0; round < rounds; round += 1)
    for (const { loop, runs } of lanes) runs.push(await loop.run(seconds));
  for (const { loop } of lanes) loop.close();
  const own = lanes[0]?.runs ?? [];
  return lanes.map(({ side, runs }) => {
    const latencies = runs.flatMap((run) => run.latencies).sort((a, b) => a - b);
    const rates = runs.map(rate);
    const ratio = median(own.map((run, index) => rate(run) / (rates[index] ?? Number.NaN)));
    const figures = [median(rates), percentile(latencies, 0.5), percentile(latencies, 0.99), ratio];
    return [operation.title, String(connections), side.title, ...figures.map(show)];
  });
}

function rate({ requests, seconds }: Measured): number {
  return requests / seconds;
}
