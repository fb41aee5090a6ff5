import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { show, table } from "../bench/markdown.ts";
import { endWithUsage, readNumber, readOptions } from "../tools/command-line.ts";
import type { Worst } from "./search.ts";

const USAGE = `npm run memory -- [--rounds 30] [--seed 1] [--people 100000] [--large 300] [--groups 2000] [--heap 128] [--route NAME]

Looks on every route for the accepted request that takes most memory, in workerd with the heap of an isolate capped at 128 MB.
Ends with 1 when one of them is not answered.`;

const COMMAND = "npm run memory";

/** `npm run memory`: the worst request of each route, found by search; prints Markdown. */
async function main(): Promise<void> {
  const { values } = readOptions(COMMAND, {
    options: {
      ...Object.fromEntries(
        ["rounds", "seed", "people", "large", "groups", "heap", "route"].map((name) => [
          name,
          { type: "string" as const },
        ]),
      ),
      help: { type: "boolean" },
    },
  });
  if (values.help === true) return console.log(USAGE);
  // Whoever asks for help does not wait for a runtime and all routes to be loaded.
  const { startRuntime } = await import("../bench/start-runtime.ts");
  const { ROUTES } = await import("./requests.ts");
  const { setScene } = await import("./scene.ts");
  const { NotAnswered, randomOf, searchWorst } = await import("./search.ts");
  const given = (name: string, usual: number) =>
    readNumber(COMMAND, name, (values as Record<string, string | undefined>)[name] ?? String(usual));
  const name = (values as Record<string, string | undefined>).route;
  const routes = ROUTES.filter((route) => name === undefined || route.name.includes(name));
  if (routes.length === 0) endWithUsage(COMMAND, `No route's name has "${name}" in it.`);
  const size = { people: given("people", 100_000), large: given("large", 300), groups: given("groups", 2_000) };
  const failures: string[] = [];
  const found: Worst[] = [];
  const random = randomOf(given("seed", 1));
  for (let left = [...routes]; left.length > 0; ) {
    // A runtime that died is started anew, with the routes that are left.
    const folder = mkdtempSync(join(tmpdir(), "rollcall-memory-"));
    const runtime = await startRuntime({
      persist: folder,
      workers: ["rollcall", "tools"],
      heapLimit: given("heap", 128),
      withoutShares: true,
    });
    try {
      const scene = await setScene(runtime, size);
      for (let route = left.shift(); route !== undefined; route = left.shift())
        found.push(...(await searchWorst(runtime, scene, { rounds: given("rounds", 30), random, routes: [route] })));
    } catch (error) {
      if (!(error instanceof NotAnswered)) throw error;
      failures.push(error.message);
      console.error(error.message);
    } finally {
      await runtime.stop().catch(() => {});
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const rows = found
    .sort((left, right) => right.growth - left.growth)
    .map(({ route, genes, status, growth, answered }) => [
      route,
      JSON.stringify(genes),
      String(status),
      show(growth),
      show(answered / 2 ** 20),
    ]);
  console.log(table(["worst request of", "made of", "status", "workerd grew by MB", "answer MB"], rows));
  for (const failure of failures) console.log(`\nNot answered: ${failure}`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

await main();
