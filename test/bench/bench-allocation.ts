import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments } from "./arguments.ts";
import { ClosedLoop, type Load } from "./closed-loop.ts";
import { entraMix } from "./entra-mix.ts";
import { InspectedIsolate } from "./inspected-isolate.ts";
import { show, table } from "./markdown.ts";
import { startRuntime } from "./start-runtime.ts";
import { seedWorld, type World } from "./world.ts";

const PEOPLE = 1_000;
const CONNECTIONS = 8;

/** Measures what Entra's mix allocates in the Worker's isolate, and how much of it is kept for a while or for good; gives Markdown. */
export async function benchAllocation({ seconds }: BenchArguments): Promise<string> {
  const persist = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const keys = { persist, operatorKey: randomUUID() + randomUUID(), sessionSecret: randomUUID() + randomUUID() };
  try {
    const seeding = await startRuntime({ ...keys, workers: ["rollcall", "tools"] });
    const world = await seedWorld(seeding, PEOPLE).finally(() => seeding.stop());
    // A process that has served SCIM only, as most of the world's have.
    const runtime = await startRuntime({ ...keys, workers: ["rollcall"], withInspector: true });
    try {
      if (runtime.inspector === null) throw new Error("the runtime has no debugger");
      const isolate = await InspectedIsolate.open(runtime.inspector, "rollcall");
      return await measure(isolate, loadOf(runtime.urls.rollcall, world), Math.max(4, seconds));
    } finally {
      await runtime.stop();
    }
  } finally {
    rmSync(persist, { recursive: true, force: true });
  }
}

function loadOf(baseUrl: string, world: World): Load {
  const mix = entraMix({ baseUrl, world });
  let n = 0;
  return {
    baseUrl,
    token: mix.token,
    request: (connection) => mix.request(n++, connection).sent,
    expect: [200, 201, 204],
  };
}

async function measure(isolate: InspectedIsolate, load: Load, seconds: number): Promise<string> {
  const loop = await ClosedLoop.open(load, CONNECTIONS);
  let requests = 0;
  const work = async () => {
    requests += (await loop.run(seconds)).requests;
  };
  await work();
  const before = await isolate.alive();
  const figures: number[] = [];
  for (const onlyKept of [false, true]) {
    requests = 0;
    const bytes = await isolate.allocated(work, onlyKept);
    figures.push(bytes / requests / 1024);
  }
  const after = await isolate.alive();
  loop.close();
  isolate.close();
  const cells = [...figures, before / 2 ** 20, after / 2 ** 20].map(show);
  const head = ["the Worker's isolate", "KB allocated by a request", "of them KB that outlive a young collection"];
  return table([...head, "MB alive when warm", "MB alive after both rounds"], [["Entra's mix", ...cells]]);
}
