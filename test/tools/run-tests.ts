import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium } from "./chromium.ts";
import { endWithUsage, readOptions } from "./command-line.ts";
import { QUIET, ROOT } from "./wrangler.ts";

/** `npm test`: types, lint and every vitest project; ends with a line that counts all tests. */
interface Step {
  name: string;
  command: string[];
  /** A vitest project, whose tests are counted. */
  project?: string;
}

interface Outcome {
  isOk: boolean;
  passed: number;
  failed: number;
}

if (process.argv.includes("--help")) {
  console.log(`npm test [-- --with long]

Runs types, lint and all tests: Node, servers, Workers runtime, browser (CHROMIUM_PATH names the Chromium when it is in
no usual place). It ends with a line that counts them, and with 1 when anything failed. What is generated is the same each
time, and a twentieth of what npm run test:deep generates. With long come, as CI runs them, those that judge the whole product
over minutes: the torture campaign, accidents, memory, upgrades, a deployment, signing in by OAuth; those that show a rule
once more, at length or in volume; all that there are of routes, pages and the like, not some of them; and a fifth of what is
generated. One file alone, and with WHOLE=on before it as with long:

  npx vitest run --config test/vitest.config.ts --project node|servers|workers|browser|long FILE`);
  process.exit(0);
}

const { values } = readOptions("npm test", { options: { with: { type: "string" } } });
if (values.with !== undefined && values.with !== "long")
  endWithUsage("npm test", `--with is long, and not "${values.with}".`);
const scratch = mkdtempSync(join(findRoom(), "rollcall-tests-"));
const bin = (name: string) => join(ROOT, "node_modules/.bin", name);
const vitest = (project: string): Step => ({
  name: project,
  project,
  command: [bin("vitest"), "run", "--config", "test/vitest.config.ts", "--project", project],
});

/**
 * All of them side by side: the tests of servers and of the browser mostly wait, for time to pass and for processes of their
 * own, and those of the Workers runtime, which take the longest, fill the processors meanwhile.
 */
const STEPS: Step[] = [
  ...["workers", "browser", "servers", "node", ...(values.with === undefined ? [] : ["long"])].map(vitest),
  // Several checkers would each find out anew what they share, on processors that the tests fill.
  { name: "types", command: [bin("tsc"), "--noEmit", "-p", "tsconfig.json", "--singleThreaded"] },
  { name: "lint", command: [bin("biome"), "check", "--error-on-warnings", "src", "test"] },
];

let outcomes: [string, Outcome][] = [];
try {
  outcomes = await Promise.all(STEPS.map(async (step): Promise<[string, Outcome]> => [step.name, await run(step)]));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const broken = outcomes.filter(([, { isOk }]) => !isOk).map(([name]) => name);
const sum = (key: "passed" | "failed") => outcomes.reduce((total, [, outcome]) => total + outcome[key], 0);
if (broken.length > 0) console.log(`Failed: ${broken.join(", ")}`);
console.log(`${sum("passed")} passed, ${Math.max(sum("failed"), broken.length)} failed`);
process.exit(broken.length === 0 ? 0 : 1);

/** Runs one step and prints what it said when it is over. */
async function run({ name, project, command }: Step): Promise<Outcome> {
  const started = Date.now();
  const report = join(scratch, `${project}.json`);
  const reporter =
    project === undefined ? [] : ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const isPossible = project !== "browser" || hasBrowser();
  const { status, output } = isPossible ? await spawnToEnd([...command, ...reporter]) : { status: 1, output: "" };
  const count = project === undefined ? { passed: 0, failed: 0 } : readCount(report);
  const isOk = status === 0 && (project === undefined || count.passed > 0);
  if (project !== undefined || !isOk) process.stdout.write(output);
  console.log(`${isOk ? "ok  " : "FAIL"} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  return { isOk, ...count };
}

/**
 * Where the databases of the tests are kept: in memory where Linux has much of it to spare. A disk is waited for at every
 * commit, for the sake of rows that nobody reads again.
 */
function findRoom(): string {
  const memory = "/dev/shm";
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize > 4 * 2 ** 30 ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}

function spawnToEnd([program = "", ...args]: string[]): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      // Dozens of processes start the same programs: each is compiled once.
      env: {
        ...QUIET,
        ...(values.with === "long" && { WHOLE: "on" }),
        TMPDIR: scratch,
        NODE_COMPILE_CACHE: join(scratch, "compiled"),
        // tsc, a Go program, spends a quarter of its time on keeping its memory small.
        GOGC: "400",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const keep = (chunk: Buffer) => {
      output += chunk;
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("close", (status) => resolve({ status, output }));
  });
}

/** The browser tests run wherever a Chromium is; where there is none that is a failure, and said loudly. */
function hasBrowser(): boolean {
  if (findChromium() !== null) return true;
  console.error(
    "The browser tests did not run: no Chromium was found. Install one (Debian: apt-get install chromium) or set CHROMIUM_PATH.",
  );
  return false;
}

function readCount(report: string): { passed: number; failed: number } {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8"));
    return { passed: Number(numPassedTests), failed: Number(numFailedTests) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
