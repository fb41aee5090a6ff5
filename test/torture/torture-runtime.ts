import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { buildWorker } from "../bench/build-worker.ts";
import { migrate } from "../bench/migrate.ts";
import { findWorkerd } from "../bench/process-meter.ts";
import { FAULTS_PATH, type FaultPlan } from "./fault-plan.ts";
import { plantable } from "./plants.ts";

/** The operator key of a campaign's runtime. */
export const OPERATOR_KEY = "operator-key-of-the-campaign-0123456789";

const LOG_LINES = 40;

type Rows = { results: Record<string, unknown>[] };

/** A local runtime with its state on disk, which can be killed, reopened and redeployed; its address stays the same. */
export class TortureRuntime {
  readonly url: string;
  /** The last errors that the Worker logged. */
  readonly log: string[] = [];
  readonly #persist: string;
  readonly #port: number;
  readonly #script: string;
  #miniflare: Miniflare;
  #plan: FaultPlan;
  #version = 0;

  private constructor(persist: string, port: number, script: string, plan: FaultPlan) {
    this.#persist = persist;
    this.#port = port;
    this.#script = script;
    this.#plan = plan;
    this.url = `http://127.0.0.1:${port}`;
    this.#miniflare = new Miniflare(this.#options());
  }

  /** Builds the test Worker, starts it on state in a folder, and applies the migrations. */
  static async start(persist: string, plan: FaultPlan): Promise<TortureRuntime> {
    const script = await buildWorker("test/torture/worker.ts", [plantable]);
    const runtime = new TortureRuntime(persist, await freePort(), script, plan);
    await runtime.#miniflare.ready;
    await migrate(await runtime.#miniflare.getD1Database("DB", "rollcall"));
    await runtime.follow(plan);
    return runtime;
  }

  #options(): ConstructorParameters<typeof Miniflare>[0] {
    return convertV4MiniflareOptions({
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: ({ level, message }: { level: string; message: string }) => {
        if (level === "error") this.log.push(message.slice(0, 2_000));
        if (this.log.length > LOG_LINES) this.log.shift();
      },
      cf: false,
      resourcePersistencePath: this.#persist,
      workers: [
        {
          name: "rollcall",
          compatibilityDate: "2026-11-01",
          compatibilityFlags: ["nodejs_compat"],
          modulesRoot: "/",
          modules: [{ type: "ESModule" as const, path: "/rollcall.js", contents: this.#script }],
          d1Databases: { DB: "rollcall" },
          kvNamespaces: { TOKENS: "tokens" },
          durableObjects: {
            WRITER: { className: "DirectoryWriter", useSQLite: true },
            COURIER: { className: "WebhookCourier", useSQLite: true },
            SHARE: { className: "CompanyShare", useSQLite: true },
            MESSENGER: { className: "Messenger", useSQLite: true },
          },
          bindings: {
            OPERATOR_KEY,
            SESSION_SECRET: "session-secret-of-the-campaign-0123456789",
            DEPLOYMENT: String(this.#version),
          },
          unsafeDirectSockets: [{ host: "127.0.0.1", port: this.#port }],
        },
      ],
    });
  }

  /** Has the Worker go wrong as planned from now on. */
  async follow(plan: FaultPlan): Promise<void> {
    this.#plan = plan;
    const answer = await fetch(`${this.url}${FAULTS_PATH}`, { method: "POST", body: JSON.stringify(plan) });
    if (answer.status !== 204) throw new Error(`the faults could not be set: ${answer.status}`);
  }

  /** Ends workerd as a power cut would, and starts it again on what is on disk. */
  async killAndReopen(): Promise<void> {
    const pid = findWorkerd();
    if (pid === null) throw new Error("workerd was not found");
    process.kill(pid, "SIGKILL");
    await this.#miniflare.dispose().catch(() => {});
    this.#miniflare = new Miniflare(this.#options());
    await this.#ready();
  }

  /** Puts a new version of the Worker in the place of the running one, without waiting for its requests. */
  async redeploy(): Promise<void> {
    this.#version += 1;
    await this.#miniflare.setOptions(this.#options());
    await this.#ready();
  }

  async #ready(): Promise<void> {
    await this.#miniflare.ready;
    await this.follow(this.#plan);
  }

  /** Reads the database itself. */
  async rows(sql: string, ...parameters: unknown[]): Promise<Record<string, unknown>[]> {
    const d1 = await this.#miniflare.getD1Database("DB", "rollcall");
    const { results } = (await d1
      .prepare(sql)
      .bind(...parameters)
      .all()) as Rows; // rows of any shape
    return results;
  }

  /** The same where the database may be away: the runtime is killed now and then. */
  async rowsOnceThere(sql: string, ...parameters: unknown[]): Promise<Record<string, unknown>[]> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.rows(sql, ...parameters);
      } catch (error) {
        if (attempt === 100) throw error;
        await sleep(100);
      }
    }
  }

  /** Does once what the cron does every minute. */
  async runCron(): Promise<void> {
    const worker = await this.#miniflare.getWorker("rollcall");
    // The runtime offers it on every Worker; its typings leave it out.
    await (worker as unknown as { scheduled(options: object): Promise<unknown> }).scheduled({});
  }

  async stop(): Promise<void> {
    await this.#miniflare.dispose();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
