import { randomBytes } from "node:crypto";
import type { Plugin } from "esbuild";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { buildWorker } from "./build-worker.ts";
import { loneCommits } from "./lone-commits.ts";
import { migrate } from "./migrate.ts";
import { findWorkerd } from "./process-meter.ts";
import { TUNINGS, type Tuning } from "./tunings.ts";

/** The Workers of one run: the product, the product with counters, the tools of the bench, the floor, and a bare Worker. */
const WORKERS = ["rollcall", "counted", "distant", "tools", "floor", "cost", "bare"] as const;
/** Those, and what single parts ask for: the product without one of its tunings, that whose operations share no commit, and that whose batches are recorded. */
export type WorkerName = (typeof WORKERS)[number] | "untuned" | "lone" | "recorded";

/** workerd with the Workers of the bench, all on one D1 and one KV. */
export interface Runtime {
  /** Where each Worker listens, without a slash at the end. */
  urls: Record<WorkerName, string>;
  operatorKey: string;
  /** The process id of workerd, or null when the system does not tell. */
  pid: number | null;
  inspector: URL | null;
  stop(): Promise<void>;
}

const ENTRIES: Record<WorkerName, string> = {
  rollcall: "test/bench/workers/shielded.ts",
  counted: "test/bench/workers/counted.ts",
  distant: "test/bench/workers/distant.ts",
  untuned: "test/bench/workers/distant.ts",
  lone: "test/bench/workers/shielded.ts",
  recorded: "test/bench/workers/recorded.ts",
  tools: "test/bench/workers/tools.ts",
  floor: "test/bench/workers/floor.ts",
  cost: "test/bench/workers/cost.ts",
  bare: "test/bench/workers/bare.ts",
};

/** What is changed of a Worker when it is built. */
const PLUGINS: Partial<Record<WorkerName, Plugin[]>> = { lone: [loneCommits] };

const PRODUCT_OBJECTS = {
  WRITER: { className: "DirectoryWriter", useSQLite: true },
  COURIER: { className: "WebhookCourier", useSQLite: true },
  SHARE: { className: "CompanyShare", useSQLite: true },
  MESSENGER: { className: "Messenger", useSQLite: true },
};
const OBJECTS = {
  rollcall: PRODUCT_OBJECTS,
  counted: PRODUCT_OBJECTS,
  distant: PRODUCT_OBJECTS,
  untuned: PRODUCT_OBJECTS,
  lone: PRODUCT_OBJECTS,
  recorded: PRODUCT_OBJECTS,
  tools: {},
  bare: {},
  cost: PRODUCT_OBJECTS,
  floor: { ORDER: { className: "FloorObject", useSQLite: true } },
} satisfies Record<WorkerName, unknown>;

/** What is recorded goes to a database of its own, so that it can be replayed on a copy beside the product's. */
const DATABASES: Partial<Record<WorkerName, Record<string, string>>> = {
  recorded: { DB: "replayed" },
  floor: { REPLAYED: "replayed" },
};

const FREE_SHARE = { className: "FreeShare", scriptName: "tools", useSQLite: true };

/** The processes of the runtimes that are up. */
const processes = new Set<number>();

/** What a caller chooses: where state is kept, which Workers run, the first one's port, how far away D1 seems to be. */
export interface RuntimeOptions {
  persist: string;
  workers?: readonly WorkerName[];
  port?: number;
  operatorKey?: string;
  sessionSecret?: string;
  withInspector?: boolean;
  /** The largest heap of each isolate (MB), as Cloudflare has one and workerd by itself has none. */
  heapLimit?: number;
  /** Companies have the database to themselves, as far as fair shares go; asks for the Worker `tools`. */
  withoutShares?: boolean;
  /** How far away D1 is for the Workers `distant` and `untuned` (ms for each trip). */
  distance?: number;
  /** What the Worker `untuned` does without. */
  without?: Tuning;
  /** The database that the Workers share, where it is another than usual. */
  database?: string;
  /** What the Workers find in their environment besides. */
  bindings?: Record<string, string>;
}

function pluginsOf(name: WorkerName, { without }: RuntimeOptions): Plugin[] {
  if (name !== "untuned") return PLUGINS[name] ?? [];
  if (without === undefined) throw new Error("what the Worker is to do without is not said");
  return [TUNINGS[without]];
}

/** Builds the Workers, starts workerd through Miniflare with state on disk, and applies the migrations. */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { persist, workers = WORKERS, port = 0, withInspector = false } = options;
  const operatorKey = options.operatorKey ?? randomBytes(32).toString("base64url");
  const bindings = {
    OPERATOR_KEY: operatorKey,
    SESSION_SECRET: options.sessionSecret ?? randomBytes(32).toString("base64url"),
    CHANGE_RETENTION_DAYS: "90",
    DISTANCE: String(options.distance ?? 0),
    ...options.bindings,
  };
  const definitions = await Promise.all(
    workers.map(async (name, index) => ({
      name,
      compatibilityDate: "2026-11-01",
      compatibilityFlags: ["nodejs_compat"],
      modulesRoot: "/",
      modules: [
        {
          type: "ESModule" as const,
          path: `/${name}.js`,
          contents: await buildWorker(ENTRIES[name], pluginsOf(name, options)),
        },
      ],
      d1Databases: { DB: options.database ?? "rollcall", ...DATABASES[name] },
      kvNamespaces: { TOKENS: "tokens" },
      durableObjects: {
        ...OBJECTS[name],
        ...(options.withoutShares === true && { SHARE: FREE_SHARE }),
      },
      bindings,
      unsafeDirectSockets: [{ host: "127.0.0.1", port: index === 0 ? port : 0 }],
    })),
  );
  // Miniflare passes V8's flags on from here only.
  if (options.heapLimit !== undefined) process.env.MINIFLARE_WORKERD_V8_FLAGS = `--max-heap-size=${options.heapLimit}`;
  else delete process.env.MINIFLARE_WORKERD_V8_FLAGS;
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      log: new Log(LogLevel.ERROR),
      logRequests: false,
      cf: false,
      resourcePersistencePath: persist,
      ...(withInspector ? { inspectorPort: 0 } : {}),
      workers: definitions,
    }),
  );
  await miniflare.ready;
  const [first = "rollcall"] = workers;
  await migrate(await miniflare.getD1Database("DB", first));
  const urls: Partial<Record<WorkerName, string>> = {};
  for (const name of workers) urls[name] = (await miniflare.unsafeGetDirectURL(name)).origin;
  const pid = findWorkerd(processes);
  if (pid !== null) processes.add(pid);
  return {
    // Only the Workers asked for are asked for.
    urls: urls as Record<WorkerName, string>,
    operatorKey,
    pid,
    inspector: withInspector ? await miniflare.getInspectorURL() : null,
    stop: async () => {
      await miniflare.dispose();
      if (pid !== null) processes.delete(pid);
    },
  };
}
