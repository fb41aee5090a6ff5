import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ACCOUNT, type StandIn, startStandIn } from "./cloudflare-stand-in.ts";
import { QUIET, ROOT } from "./wrangler.ts";

/** What one deployment said, and how it ended. */
export interface Attempt {
  code: number | null;
  said: string;
}

/** A folder with a wrangler.toml of its own, from which Rollcall is deployed to a stand-in, with the real wrangler. */
export interface Rehearsal {
  standIn: StandIn;
  /** Runs `npm run deploy` with these arguments and variables. */
  deploy(args?: readonly string[], env?: Record<string, string>): Promise<Attempt>;
  read(file: string): string;
  end(): void;
}

/** Begins a rehearsal. */
export async function startRehearsal(): Promise<Rehearsal> {
  const standIn = await startStandIn();
  const folder = mkdtempSync(join(tmpdir(), "rollcall-deploy-"));
  const config = join(folder, "wrangler.toml");
  const text = readFileSync(join(ROOT, "wrangler.toml"), "utf8")
    .replace('"src/worker.ts"', JSON.stringify(join(ROOT, "src/worker.ts")))
    .replace('"migrations"', JSON.stringify(join(ROOT, "migrations")));
  writeFileSync(config, text);
  const { CI: _, ...quiet } = QUIET;
  const to = { CLOUDFLARE_API_BASE_URL: standIn.url, CLOUDFLARE_API_TOKEN: "any", CLOUDFLARE_ACCOUNT_ID: ACCOUNT };
  return {
    standIn,
    deploy: (args = [], env = {}) => run(["--config", config, ...args], { ...quiet, ...to, CI: "", ...env }),
    read: (file) => readFileSync(join(folder, file), "utf8"),
    end: () => {
      standIn.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Attempt> {
  const child = spawn(process.execPath, [join(ROOT, "test/tools/deploy.ts"), ...args], { cwd: ROOT, env });
  let said = "";
  const keep = (chunk: Buffer) => {
    said += chunk;
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, said };
}
