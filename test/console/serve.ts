import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRuntime } from "../bench/start-runtime.ts";
import { IS_WHOLE } from "../generated-cases.ts";
import { QUIET, ROOT, runWrangler, startWrangler } from "../tools/wrangler.ts";

/** A Rollcall of its own: fresh database, free port. */
export interface Server {
  url: string;
  operatorKey: string;
  stop(): Promise<void>;
}

const OPERATOR_KEY = "operator-key-of-the-browser-tests";
const SESSION_SECRET = "session-secret-of-the-browser-tests-0123456789";

/** Starts a server on a fresh database: in CI as `npm run dev` does, which takes longer. */
export function startServer(): Promise<Server> {
  return IS_WHOLE ? startWranglerDev() : startWorkerd();
}

/** Starts the product by itself, without the two processes that `wrangler dev` has in between. */
async function startWorkerd(): Promise<Server> {
  const persist = mkdtempSync(join(tmpdir(), "rollcall-console-"));
  const runtime = await startRuntime({
    persist,
    workers: ["rollcall"],
    operatorKey: OPERATOR_KEY,
    sessionSecret: SESSION_SECRET,
    bindings: { LOOPBACK_ISSUERS: "on" },
  });
  return {
    url: `http://localhost:${new URL(runtime.urls.rollcall).port}`,
    operatorKey: OPERATOR_KEY,
    async stop() {
      await runtime.stop();
      rmSync(persist, { recursive: true, force: true });
    },
  };
}

/** Starts `wrangler dev` on a fresh database and waits until it answers. */
async function startWranglerDev(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-console-"));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const schema = join(folder, "schema.sql");
  writeFileSync(schema, migrations());
  await runWrangler(["d1", "execute", "DB", "--local", "--persist-to", folder, "--file", schema, "--yes"]);
  const values = [`OPERATOR_KEY:${OPERATOR_KEY}`, `SESSION_SECRET:${SESSION_SECRET}`, "LOOPBACK_ISSUERS:on"];
  const vars = values.flatMap((each) => ["--var", each]);
  const options = ["--port", String(port), "--inspector-port", "0", "--persist-to", folder];
  const child = startWrangler(["dev", "--show-interactive-dev-session=false", ...options, ...vars], "pipe");
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      output += chunk;
    });
  await untilReady(url, child, () => output);
  return {
    url,
    operatorKey: OPERATOR_KEY,
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** All migrations as one text: wrangler would start a database of its own for each of them. */
function migrations(): string {
  const from = join(ROOT, "migrations");
  return readdirSync(from)
    .filter((file) => file.endsWith(".sql"))
    .sort()
    .map((file) => readFileSync(join(from, file), "utf8"))
    .join("\n");
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

async function untilReady(url: string, child: ChildProcess, output: () => string): Promise<void> {
  for (let attempt = 0; attempt < 900 && child.exitCode === null; attempt += 1) {
    const isReady = await fetch(`${url}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`wrangler dev did not start:\n${output()}`);
}

/** Calls the management API of a server as its operator. */
export async function callApi<Answer>(
  server: Pick<Server, "url" | "operatorKey">,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${server.operatorKey}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === "" ? null : JSON.parse(text)) as Answer; // the contract of the management API
}

/** Runs `npm run simulate` for a provider against a setting, and gives what it printed. */
export async function runSimulation(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ["test/simulate/main.ts", ...args], { cwd: ROOT, env: QUIET });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      output += chunk;
    });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`the simulation ended with ${code}:\n${output}`);
  return output;
}
