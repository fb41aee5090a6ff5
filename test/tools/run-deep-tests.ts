import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { readNumber, readOptions } from "./command-line.ts";
import { QUIET, ROOT } from "./wrangler.ts";

const COMMAND = "npm run test:deep";

const USAGE = `npm run test:deep [-- --cases 1000] [--seed N]

Runs what npm test -- --with long runs, with all that is generated and not a fifth of it, and looks at every page at every width. Without
--seed another one is drawn; it is printed, and repeats the run. --cases 5000 generates five times as much as 1000. Run it
before a release, and after a change of what is only tested by what is generated: the feed, holds, shadow, renames, filters.`;

/** `npm run test:deep`: the tests with more generated cases, and others each time (see `test/generated-cases.ts`). */
function main(): number {
  const { values } = readOptions(COMMAND, {
    options: {
      cases: { type: "string", default: "1000" },
      seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    },
  });
  const cases = String(readNumber(COMMAND, "cases", values.cases, 1));
  const seed = String(readNumber(COMMAND, "seed", values.seed));
  const again = `npm run test:deep -- --cases ${cases} --seed ${seed}`;
  console.log(`Repeat this run with: ${again}`);
  const env = { ...QUIET, FUZZ_CASES: cases, FUZZ_SEED: seed };
  const { status } = spawnSync(process.execPath, [join(ROOT, "test/tools/run-tests.ts"), "--with", "long"], {
    env,
    stdio: "inherit",
  });
  if (status !== 0) console.error(`Repeat it with: ${again}`);
  return status ?? 1;
}

if (process.argv.includes("--help")) console.log(USAGE);
else process.exit(main());
