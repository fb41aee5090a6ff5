import { cpus } from "node:os";
import { readArguments, USAGE } from "./arguments.ts";
import { benchOperations } from "./bench-operations.ts";

/** `npm run bench`: measures the product in workerd with state on disk; prints Markdown. Progress goes to stderr. */
async function main(): Promise<void> {
  if (process.argv.includes("--help")) {
    console.log(USAGE);
    return;
  }
  const args = readArguments(process.argv.slice(2));
  console.log(`Machine: ${cpus().length} cores, Linux, workerd on local disk, load generator on the same machine.\n`);
  console.log(await benchOperations(args));
}

await main();
