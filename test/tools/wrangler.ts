import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The project's folder. */
export const ROOT = join(import.meta.dirname, "../..");

/** Keeps wrangler offline, quiet and out of interactive questions. */
export const QUIET = {
  ...process.env,
  CI: "1",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
};

/** The text of wrangler.toml. */
export function readConfig(): string {
  return readFileSync(join(ROOT, "wrangler.toml"), "utf8");
}

/** Starts the project's own wrangler. */
export function startWrangler(
  args: readonly string[],
  stdio: "inherit" | "pipe",
  env: NodeJS.ProcessEnv = {},
): ChildProcess {
  const script = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
  return spawn(process.execPath, [script, ...args], {
    cwd: ROOT,
    env: { ...QUIET, ...env },
    stdio: stdio === "inherit" ? "inherit" : ["ignore", "pipe", "pipe"],
  });
}

/** Runs wrangler to its end; gives what it printed on its standard output, and throws with all it said when it fails. */
export async function runWrangler(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = startWrangler(args, "pipe", env);
  let printed = "";
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    printed += chunk;
    output += chunk;
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    output += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`wrangler ${args.join(" ")} ended with ${code}:\n${output}`);
  return printed;
}
