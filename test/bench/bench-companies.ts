import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments } from "./arguments.ts";
import { ClosedLoop } from "./closed-loop.ts";
import { show, table } from "./markdown.ts";
import { person } from "./people.ts";
import { createSetting } from "./setting.ts";
import { type Runtime, startRuntime } from "./start-runtime.ts";
import { percentile } from "./statistics.ts";

const CONNECTIONS = 64;
const COMPANIES = [1, 4, 16, 64];

/** Creates users in one company and in many, which share a database but no writer, and so no commit; gives Markdown. */
export async function benchCompanies({ seconds }: BenchArguments): Promise<string> {
  const persist = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const runtime = await startRuntime({ persist, workers: ["rollcall"] });
  try {
    const rows = [];
    let one = Number.NaN;
    for (const companies of COMPANIES) {
      const figures = await measureCompanies(runtime, companies, Math.max(3, seconds));
      const [, rate = Number.NaN] = figures;
      if (companies === 1) one = rate;
      rows.push([...figures, rate / one].map(show));
    }
    const head = [`companies that ${CONNECTIONS} connections write to`, "creates/s", "p50 ms", "p99 ms"];
    return table([...head, "of one company's rate"], rows);
  } finally {
    await runtime.stop();
    rmSync(persist, { recursive: true, force: true });
  }
}

async function measureCompanies({ urls, operatorKey }: Runtime, companies: number, seconds: number): Promise<number[]> {
  const loops = await Promise.all(
    Array.from({ length: companies }, async () => {
      const { token } = await createSetting(urls.rollcall, operatorKey, "field");
      let n = 0;
      const request = () => ({ method: "POST", path: "/scim/v2/Users", body: JSON.stringify(person(n++)) });
      return ClosedLoop.open({ baseUrl: urls.rollcall, token, request, expect: [201] }, CONNECTIONS / companies);
    }),
  );
  await Promise.all(loops.map((loop) => loop.run(1)));
  const runs = await Promise.all(loops.map((loop) => loop.run(seconds)));
  for (const loop of loops) loop.close();
  const latencies = runs.flatMap((run) => run.latencies).sort((a, b) => a - b);
  const rate = runs.reduce((sum, run) => sum + run.requests / run.seconds, 0);
  return [companies, rate, percentile(latencies, 0.5), percentile(latencies, 0.99)];
}
