import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium } from "./chromium.ts";
import { QUIET, ROOT } from "./wrangler.ts";

/** `npm test`: types, lint, then the unit, Workers-runtime and browser tests; ends with one line that counts them all. */
const bin = (name: string) => join(ROOT, "node_modules/.bin", name);

interface Step {
  name: string;
  command: string[];
  /** A vitest project, whose tests are counted. */
  project?: string;
}

const steps: Step[] = [
  { name: "types", command: [bin("tsc"), "--noEmit", "-p", "tsconfig.json"] },
  { name: "lint", command: [bin("biome"), "check", "--error-on-warnings", "src", "test"] },
  {
    name: "deploy (dry run)",
    command: [bin("wrangler"), "deploy", "--dry-run", "--outdir", join(tmpdir(), `rollcall-dry-run-${process.pid}`)],
  },
  ...["unit", "workers", "browser"].map((project) => ({
    name: project,
    project,
    command: [bin("vitest"), "run", "--config", "test/vitest.config.ts", "--project", project],
  })),
];

interface Count {
  passed: number;
  failed: number;
}

const reports = mkdtempSync(join(tmpdir(), "rollcall-tests-"));
const total: Count = { passed: 0, failed: 0 };
const failures: string[] = [];
try {
  for (const step of steps) {
    const started = Date.now();
    const isOk = run(step);
    console.log(`${isOk ? "ok  " : "FAIL"} ${step.name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    if (!isOk) failures.push(step.name);
  }
} finally {
  rmSync(reports, { recursive: true, force: true });
}
const failed = total.failed + (total.failed === 0 ? failures.length : 0);
if (failures.length > 0) console.log(`Failed: ${failures.join(", ")}`);
console.log(`${total.passed} passed, ${failed} failed`);
process.exit(failures.length === 0 ? 0 : 1);

function run({ project, command }: Step): boolean {
  if (project === "browser" && !hasBrowser()) return false;
  const report = join(reports, `${project}.json`);
  const reporter =
    project === undefined ? [] : ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const [program = "", ...args] = [...command, ...reporter];
  const { status } = spawnSync(program, args, {
    cwd: ROOT,
    env: QUIET,
    stdio: project === undefined ? "pipe" : "inherit",
  });
  if (project === undefined) {
    if (status !== 0) spawnSync(program, args, { cwd: ROOT, env: QUIET, stdio: "inherit" });
    return status === 0;
  }
  const count = readCount(report);
  total.passed += count.passed;
  total.failed += count.failed;
  return status === 0 && count.passed > 0;
}

/** The browser tests run wherever a Chromium is; in CI its absence is a failure, elsewhere it is said loudly. */
function hasBrowser(): boolean {
  if (findChromium() !== null) return true;
  console.error(
    "The browser tests did not run: no Chromium was found. Install one (Debian: apt-get install chromium) or set CHROMIUM_PATH.",
  );
  return false;
}

function readCount(report: string): Count {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8"));
    return { passed: Number(numPassedTests), failed: Number(numFailedTests) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
