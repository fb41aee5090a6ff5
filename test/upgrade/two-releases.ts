import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { buildWorker } from "../bench/build-worker.ts";
import { migrate } from "../bench/migrate.ts";

/** The Workers of an upgrade: the release of before, and what stands here. */
export const RELEASES = ["before", "now"] as const;
export type Release = (typeof RELEASES)[number];

/** The operator key of both. */
export const OPERATOR_KEY = "operator-key-of-the-upgrade-0123456789";

/** With a request: how far from D1 the writer is at most from now on, ms. */
export const DISTANCE_HEADER = "X-Distance";

const OBJECTS = {
  WRITER: { className: "DirectoryWriter", useSQLite: true },
  COURIER: { className: "WebhookCourier", useSQLite: true },
};
/** Those that came since. */
const NEW_OBJECTS = {
  SHARE: { className: "CompanyShare", useSQLite: true },
  MESSENGER: { className: "Messenger", useSQLite: true },
};

/**
 * A release whose writer is as far from D1 as the last request's header says: between what it reads and what it commits
 * another writer finds the time to commit, as it does on the platform.
 */
function atDistance(release: Release): string {
  return `
    import release, * as names from "./${release}.js";
    export * from "./${release}.js";
    let distance = 0;
    export default {
      ...release,
      fetch(request, env, context) {
        distance = Number(request.headers.get("${DISTANCE_HEADER}") ?? 0);
        return release.fetch(request, env, context);
      },
    };
    const distant = (d1) => new Proxy(d1, {
      get(target, name) {
        const value = target[name];
        if (typeof value !== "function") return value;
        if (name !== "batch") return value.bind(target);
        return async (statements) => {
          if (distance > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * distance));
          return target.batch(statements);
        };
      },
    });
    export class DirectoryWriter extends names.DirectoryWriter {
      constructor(state, env) {
        super(state, { ...env, DB: distant(env.DB) });
      }
    }`;
}

/**
 * Two releases at once on one database and one KV, each with its own Durable Objects: as for the moments of a deployment,
 * in which an old writer lives on beside the new one.
 */
export class TwoReleases {
  /** The migrations that the release of before knows. */
  readonly migrationsBefore: readonly string[];
  readonly #miniflare: Miniflare;
  #urls: Record<Release, string> = { before: "", now: "" };

  private constructor(miniflare: Miniflare, migrationsBefore: readonly string[]) {
    this.#miniflare = miniflare;
    this.migrationsBefore = migrationsBefore;
  }

  /** Starts both on the schema of the release of before (a version in `releases/`), with state in a folder. */
  static async start(version: string, persist: string): Promise<TwoReleases> {
    const before = gunzipSync(readFileSync(join(import.meta.dirname, `releases/${version}.js.gz`))).toString();
    const known = /^\/\/ .*; migrations: (.*)$/m.exec(before)?.[1]?.split(" ") ?? [];
    const scripts: Record<Release, string> = { before, now: await buildWorker("src/worker.ts") };
    const workers = RELEASES.map((name) => ({
      name,
      compatibilityDate: "2026-11-01",
      compatibilityFlags: ["nodejs_compat"],
      modulesRoot: "/",
      modules: [
        { type: "ESModule" as const, path: `/${name}-at-distance.js`, contents: atDistance(name) },
        { type: "ESModule" as const, path: `/${name}.js`, contents: scripts[name] },
      ],
      d1Databases: { DB: "rollcall" },
      kvNamespaces: { TOKENS: "tokens" },
      durableObjects: name === "now" ? { ...OBJECTS, ...NEW_OBJECTS } : OBJECTS,
      bindings: { OPERATOR_KEY, SESSION_SECRET: "session-secret-of-the-upgrade-0123456789" },
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
    }));
    const options = { log: new Log(LogLevel.NONE), cf: false as const, resourcePersistencePath: persist, workers };
    const runtime = new TwoReleases(new Miniflare(convertV4MiniflareOptions(options)), known);
    await runtime.#miniflare.ready;
    for (const name of RELEASES) runtime.#urls[name] = (await runtime.#miniflare.unsafeGetDirectURL(name)).origin;
    await runtime.migrate(known);
    return runtime;
  }

  urlOf(release: Release): string {
    return this.#urls[release];
  }

  /** Applies migrations: those of these names, or all that are missing. */
  async migrate(only?: readonly string[]): Promise<void> {
    await migrate(await this.#miniflare.getD1Database("DB", "now"), only);
  }

  /** Does once what the cron of the present release does. */
  async runCron(): Promise<void> {
    const worker = await this.#miniflare.getWorker("now");
    // The runtime offers it on every Worker; its typings leave it out.
    await (worker as unknown as { scheduled(options: object): Promise<unknown> }).scheduled({});
  }

  /** Reads the database itself. */
  async rows(sql: string, ...parameters: unknown[]): Promise<Record<string, unknown>[]> {
    const d1 = await this.#miniflare.getD1Database("DB", "now");
    const { results } = await d1
      .prepare(sql)
      .bind(...parameters)
      .all<Record<string, unknown>>();
    return results;
  }

  async stop(): Promise<void> {
    await this.#miniflare.dispose();
  }
}
