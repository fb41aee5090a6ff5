import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Demo, ensureDemo, readDemo, signInLink } from "./demo.ts";
import { readDeployConfig } from "./deploy-config.ts";
import { DEV_USAGE, optionOf } from "./dev-arguments.ts";
import { showDevLine } from "./dev-line.ts";
import { ensureLocalSecrets } from "./local-secrets.ts";
import { ROOT, readConfig, runWrangler, startWrangler } from "./wrangler.ts";

const DEMO_FILE = join(ROOT, ".wrangler/rollcall-dev.json");

/** What went wrong, in words for the person at the terminal. */
class DevProblem extends Error {}

/** `npm run dev`: migrates the local database, starts `wrangler dev`, seeds a demo company, and says what to try. */
async function main(args: readonly string[]): Promise<void> {
  if (args.includes("--help") || args.includes("-h")) return console.log(DEV_USAGE);
  if (args.includes("--info")) return console.log(await describe(readRunning()));
  const port = optionOf(args, "--port") ?? "8787";
  const baseUrl = `${optionOf(args, "--local-protocol") ?? "http"}://localhost:${port}`;
  await assertFree(port);
  const persist = optionOf(args, "--persist-to");
  const secrets = ensureLocalSecrets(join(ROOT, ".dev.vars"));
  const place = persist === undefined ? [] : ["--persist-to", persist];
  console.log("Preparing the local database …");
  for (const { binding } of readDeployConfig(readConfig(), null).databases)
    await runWrangler(["d1", "migrations", "apply", binding, "--local", ...place]);
  start(port, args);
  await untilReady(baseUrl);
  const demo = await ensureDemo(DEMO_FILE, baseUrl, secrets.OPERATOR_KEY ?? "");
  console.log(await describe(demo));
  listenToKeys(demo);
}

/** Starts the server; what it says is shown a short line for each request, and it ends with this process. */
function start(port: string, args: readonly string[]): void {
  const withPort = optionOf(args, "--port") === undefined ? ["--port", port, ...args] : args;
  // Simulated identity providers sign assertions on this machine; e-mails are printed.
  const vars = ["--var", "LOOPBACK_ISSUERS:on", "--var", "PRINT_EMAIL:on"];
  const child = startWrangler(["dev", "--show-interactive-dev-session=false", ...vars, ...withPort], "pipe");
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      const shown = showDevLine(line, new Date().toTimeString().slice(0, 8));
      if (shown !== null) console.log(shown);
    });
  }
  child.on("exit", (code) => process.exit(code ?? 0));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
}

/** The addresses and keys to try Rollcall with; each time with a new sign-in link, since one works once. */
async function describe(demo: Demo): Promise<string> {
  const { origin } = new URL(demo.tenantUrl);
  const link = await signInLink(demo).catch((error: unknown) => {
    throw new DevProblem(`Nothing answers at ${origin} (${String(error)}). Start it first: npm run dev`);
  });
  return `
Rollcall is running.

  Tenant URL     ${demo.tenantUrl}
  Token          ${demo.token}
  Operator key   ${demo.operatorKey}
  Console        ${origin}/console   (operators sign in with the operator key)
  signed in      ${link}
                 (the demo company's console; the link works once, for an hour)
  API            ${origin}/api/v1/openapi.json

Next, in a second terminal: let a simulated identity provider push a company of people and watch them arrive:

  npm run simulate -- entra --users 200 --groups 10
  npm run demo:receiver      (prints each change as its webhook arrives)

These lines again: ${process.stdin.isTTY ? "press i, or " : ""}npm run dev -- --info
`;
}

function readRunning(): Demo {
  if (!existsSync(DEMO_FILE)) throw new DevProblem("Nothing was started here yet: npm run dev");
  return readDemo(DEMO_FILE);
}

function listenToKeys(demo: Demo): void {
  const { stdin } = process;
  if (!stdin.isTTY) return;
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  stdin.on("data", (key) => {
    // Ctrl-C comes as a key while each is read by itself.
    if (key.toString() === "q" || key.toString() === "\u0003") process.kill(process.pid, "SIGINT");
    if (key.toString() === "i")
      describe(demo).then(console.log, (error: unknown) =>
        console.error(error instanceof Error ? error.message : error),
      );
  });
}

/** Wrangler would say of a port that is taken only that it is. */
async function assertFree(port: string): Promise<void> {
  const probe = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    probe.once("error", () => resolve(false));
    probe.listen(Number(port), "localhost", () => resolve(true));
  });
  await new Promise((resolve) => probe.close(resolve));
  if (isFree) return;
  const isOurs = await fetch(`http://localhost:${port}/healthz`).then(
    async (response) => /"status":/.test(await response.text()),
    () => false,
  );
  const by = isOurs ? "by a Rollcall that runs already (its addresses: npm run dev -- --info)" : "by another program";
  throw new DevProblem(
    `Port ${port} is taken, ${by}. End it, or start on another: npm run dev -- --port ${Number(port) + 1}`,
  );
}

async function untilReady(baseUrl: string): Promise<void> {
  for (let attempt = 0; attempt < 480; attempt += 1) {
    const isReady = await fetch(`${baseUrl}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new DevProblem(`Nothing answers at ${baseUrl}/healthz; what wrangler said above may tell why.`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
