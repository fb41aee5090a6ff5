import { spawnSync } from "node:child_process";
import { readNumber, readOptions } from "../tools/command-line.ts";
import { QUIET, ROOT } from "../tools/wrangler.ts";

const COMMAND = "npm run fuzz";
const BATCH = 10_000;

/** `npm run fuzz -- --cases N --seed S`: the fuzzing of the tests at any length, in batches on companies of their own. */
function main(): number {
  const { values } = readOptions(COMMAND, {
    options: {
      cases: { type: "string", default: "100000" },
      seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    },
  });
  const cases = readNumber(COMMAND, "cases", values.cases, 1);
  const first = readNumber(COMMAND, "seed", values.seed);
  for (let done = 0; done < cases; done += BATCH) {
    const seed = String(first + done / BATCH);
    const env = { ...QUIET, FUZZ_CASES: String(Math.min(BATCH, cases - done)), FUZZ_SEED: seed };
    const args = ["run", "--config", "test/vitest.config.ts", "--project", "workers", "test/fuzz"];
    const { status } = spawnSync(`${ROOT}/node_modules/.bin/vitest`, args, { cwd: ROOT, env, stdio: "inherit" });
    if (status !== 0) {
      console.error(`Repeat it with: npm run fuzz -- --cases ${BATCH} --seed ${seed}`);
      return 1;
    }
    console.log(`${Math.min(done + BATCH, cases)} of ${cases} requests, nothing wrong (seed ${values.seed})`);
  }
  return 0;
}

const USAGE = `npm run fuzz [-- --cases 100000] [--seed N]

Sends malformed requests to every route, in the Workers runtime. No answer may be a 5xx, and nothing refused may have changed
anything. Without --seed another one is drawn and printed; what fails prints how to repeat it.`;

if (process.argv.includes("--help")) console.log(USAGE);
else process.exit(main());
