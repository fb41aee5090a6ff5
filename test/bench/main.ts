import { cpus } from "node:os";
import { type BenchArguments, type Part, readArguments, USAGE } from "./arguments.ts";
import { benchCompanies } from "./bench-companies.ts";
import { benchDistance } from "./bench-distance.ts";
import { benchFairness } from "./bench-fairness.ts";
import { benchFirstSync } from "./bench-first-sync.ts";
import { benchFloors } from "./bench-floors.ts";
import { benchLogic } from "./bench-logic.ts";
import { benchMemory } from "./bench-memory.ts";
import { benchOperations } from "./bench-operations.ts";
import { benchWaits } from "./bench-waits.ts";
import { benchWebhooks } from "./bench-webhooks.ts";

const RUN: Record<Part, (args: BenchArguments) => Promise<string>> = {
  operations: benchOperations,
  floors: benchFloors,
  logic: benchLogic,
  distance: benchDistance,
  companies: benchCompanies,
  memory: benchMemory,
  waits: benchWaits,
  "first-sync": benchFirstSync,
  webhooks: benchWebhooks,
  fairness: benchFairness,
};

/** `npm run bench`: measures the product in workerd with state on disk; prints Markdown. Progress goes to stderr. */
async function main(): Promise<void> {
  if (process.argv.includes("--help")) {
    console.log(USAGE);
    return;
  }
  const args = readArguments(process.argv.slice(2));
  console.log(`Machine: ${cpus().length} cores, workerd with state on disk, the load generator on the same machine.`);
  for (const part of args.parts) console.log(`\n### ${part}\n\n${await RUN[part](args)}`);
}

await main();
