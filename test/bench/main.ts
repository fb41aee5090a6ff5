import { cpus } from "node:os";
import { type BenchArguments, type Part, readArguments, USAGE } from "./arguments.ts";

/** Each part is loaded when it is run: whoever asks for help does not wait for it. */
const PARTS: Record<Part, () => Promise<(args: BenchArguments) => Promise<string>>> = {
  operations: async () => (await import("./bench-operations.ts")).benchOperations,
  floors: async () => (await import("./bench-floors.ts")).benchFloors,
  logic: async () => (await import("./bench-logic.ts")).benchLogic,
  distance: async () => (await import("./bench-distance.ts")).benchDistance,
  tunings: async () => (await import("./bench-tunings.ts")).benchTunings,
  cohorts: async () => (await import("./bench-cohorts.ts")).benchCohorts,
  companies: async () => (await import("./bench-companies.ts")).benchCompanies,
  memory: async () => (await import("./bench-memory.ts")).benchMemory,
  waits: async () => (await import("./bench-waits.ts")).benchWaits,
  cost: async () => (await import("./bench-cost.ts")).benchCost,
  "first-sync": async () => (await import("./bench-first-sync.ts")).benchFirstSync,
  webhooks: async () => (await import("./bench-webhooks.ts")).benchWebhooks,
  fairness: async () => (await import("./bench-fairness.ts")).benchFairness,
  peers: async () => (await import("./bench-peers.ts")).benchPeers,
  tails: async () => (await import("./bench-tails.ts")).benchTails,
  allocation: async () => (await import("./bench-allocation.ts")).benchAllocation,
  start: async () => (await import("./bench-start.ts")).benchStart,
  pages: async () => (await import("./bench-pages.ts")).benchPages,
};

/** `npm run bench`: measures the product in workerd with state on disk; prints Markdown. Progress goes to stderr. */
async function main(): Promise<void> {
  if (process.argv.includes("--help")) {
    console.log(USAGE);
    return;
  }
  const args = readArguments(process.argv.slice(2));
  console.log(`Machine: ${cpus().length} cores, workerd with state on disk, the load generator on the same machine.`);
  for (const part of args.parts) {
    const run = await PARTS[part]();
    console.log(`\n### ${part}\n\n${await run(args)}`);
  }
}

await main();
