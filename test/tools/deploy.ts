import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { DEPLOY_USAGE, type DeployArguments, parseDeployArguments } from "./deploy-arguments.ts";
import { completeConfig, type DeployConfig, readDeployConfig } from "./deploy-config.ts";
import { describeDeployment, describeResult, explainFailure } from "./deploy-messages.ts";
import { placementOf, readPlace, varsOfPlace } from "./deploy-place.ts";
import { deploy } from "./deploy-plan.ts";
import { DeployRefused } from "./deploy-refused.ts";
import { ensureSecrets, readSecrets } from "./deploy-secrets.ts";
import { ROOT, runWrangler } from "./wrangler.ts";

/** `npm run deploy`: makes what is missing, migrates the remote databases, deploys; `--help` says all of it. */
async function main(args: readonly string[]): Promise<void> {
  const asked = parseDeployArguments(args);
  if (asked.isHelp) return console.log(DEPLOY_USAGE);
  const file = resolve(ROOT, asked.config ?? "wrangler.toml");
  if (!existsSync(file)) throw new DeployRefused(`Nothing was deployed: there is no configuration ${file}.`);
  const text = readFileSync(file, "utf8");
  const config = readDeployConfig(text, asked.environment);
  // Beside the configuration, since paths in it are relative to it.
  const folder = dirname(file);
  const completed = join(folder, `.deploying.${basename(file)}`);
  const scratch = join(folder, ".wrangler/deploying");
  const clean = () => {
    rmSync(completed, { force: true });
    rmSync(scratch, { recursive: true, force: true });
  };
  // Secrets are passed in a file: none is left behind, however this ends.
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      clean();
      process.exit(1);
    });
  mkdirSync(scratch, { recursive: true });
  try {
    const files = { file, text, completed, scratch, kept: join(folder, `.secrets.${config.worker}.json`) };
    await (asked.isDryRun ? dryRun(asked, config, files) : deployFrom(asked, files));
  } finally {
    clean();
  }
}

interface Files {
  /** The configuration that people edit. */
  file: string;
  text: string;
  /** The same with what this deployment adds, for as long as it lasts. */
  completed: string;
  scratch: string;
  /** Where secrets that were made are kept. */
  kept: string;
}

async function deployFrom(asked: DeployArguments, files: Files): Promise<void> {
  const { environment, extra } = asked;
  const { kept } = files;
  const passed = join(files.scratch, "secrets.json");
  const report = join(files.scratch, "report.ndjson");
  let read = files.file;
  const outcome = await deploy({
    config: files.text,
    environment,
    extra,
    asked: readPlace(process.env),
    isUnattended: isUnattended(process.env),
    say: (line) => console.log(line),
    wrangler: (args) => {
      // Wrangler would put the environment's name before a new namespace's title.
      const scope = environment === null || args[0] === "kv" ? [] : ["--env", environment];
      return runWrangler([...args, "--config", read, ...scope], { WRANGLER_OUTPUT_FILE_PATH: report });
    },
    complete: (additions) => {
      writeFileSync(files.completed, completeConfig(files.text, environment, additions));
      read = files.completed;
    },
    secrets: (names) => {
      const values = ensureSecrets(kept, names);
      writeFileSync(passed, JSON.stringify(values), { mode: 0o600 });
      return { values, file: passed };
    },
  });
  console.log(describeResult(outcome, { address: readAddress(report), kept, made: readSecrets(kept) }));
}

/** Whether nobody reads along and the disk is a fresh one each time: in Workers Builds and other CI. */
function isUnattended({ WORKERS_CI, CI }: NodeJS.ProcessEnv): boolean {
  return [WORKERS_CI, CI].some((value) => value !== undefined && value !== "" && value !== "false");
}

/** Where wrangler says that the Worker is; null when it is nowhere yet. */
function readAddress(report: string): string | null {
  const lines = readFileSync(report, "utf8").split("\n");
  for (const line of lines.filter((each) => each.includes('"type":"deploy"'))) {
    const { targets }: { targets?: unknown } = JSON.parse(line);
    const first: unknown = Array.isArray(targets) ? targets[0] : undefined;
    if (typeof first === "string") return first.startsWith("http") ? first : `https://${first.replace(/\/\*$/, "")}`;
  }
  return null;
}

async function dryRun(
  { environment, extra }: DeployArguments,
  config: DeployConfig,
  { text, completed, scratch }: Files,
): Promise<void> {
  const place = readPlace(process.env);
  const placement = config.hasPlacement ? null : placementOf(place.region);
  writeFileSync(completed, completeConfig(text, environment, { ids: new Map(), vars: varsOfPlace(place), placement }));
  console.log(describeDeployment(config, { place, placement, isUnattended: isUnattended(process.env) }));
  const scope = environment === null ? [] : ["--env", environment];
  const built = ["deploy", "--dry-run", "--outdir", join(scratch, "worker"), ...extra];
  console.log(await runWrangler([...built, "--config", completed, ...scope]));
  console.log("Nothing was deployed.");
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(error instanceof DeployRefused ? message : explainFailure(message));
  process.exit(1);
}
