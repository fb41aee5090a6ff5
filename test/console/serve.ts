import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRuntime } from "../bench/start-runtime.ts";
import { QUIET, ROOT } from "../tools/wrangler.ts";

/** A Rollcall of its own: fresh database, free port. */
export interface Server {
  url: string;
  operatorKey: string;
  stop(): Promise<void>;
}

const OPERATOR_KEY = "operator-key-of-the-browser-tests";
const SESSION_SECRET = "session-secret-of-the-browser-tests-0123456789";

/** Starts the product on a fresh database and waits until it answers; `wrangler dev` has two more processes in between. */
export async function startServer(): Promise<Server> {
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
