import { describe, expect, it } from "vitest";
import { type Additions, readDeployConfig } from "./deploy-config.ts";
import { readPlace } from "./deploy-place.ts";
import { type Deployed, deploy } from "./deploy-plan.ts";
import { DeployRefused } from "./deploy-refused.ts";
import type { Secrets } from "./deploy-secrets.ts";

const CONFIG = `name = "rollcall"
main = "src/worker.ts"

[[d1_databases]]
binding = "DB"
database_name = "rollcall"

[[kv_namespaces]]
binding = "TOKENS"

[vars]
REQUEST_LOG = "on"
`;

interface Bound {
  secrets: Record<string, string>;
  vars: Record<string, string>;
  ids: Record<string, string>;
}

/** An account as wrangler shows it, and the folder from which is deployed. */
interface Scene {
  databases: { uuid: string; name: string; jurisdiction: string | null; location: string | null }[];
  namespaces: { id: string; title: string }[];
  /** What the Worker has, once it was uploaded. */
  worker: Bound | null;
  /** Secrets that were set before there was any code. */
  early: Record<string, string>;
  kept: Secrets;
  calls: string[];
  /** Which command fails, from 1, and whether it has done its work by then. */
  fault: { at: number; isDone: boolean } | null;
}

const empty = (): Scene => ({
  databases: [],
  namespaces: [],
  worker: null,
  early: {},
  kept: {},
  calls: [],
  fault: null,
});

interface Asked {
  config?: string;
  env?: Record<string, string>;
  isUnattended?: boolean;
}

function run(scene: Scene, { config = CONFIG, env = {}, isUnattended = false }: Asked = {}): Promise<Deployed> {
  let added: Additions = { ids: new Map(), vars: {}, placement: null };
  let passed: Secrets = {};
  const wrangler = async (args: readonly string[]) => {
    const number = scene.calls.push(args.join(" "));
    const fails = scene.fault?.at === number;
    const answered = () => answer(scene, args, added, args.includes("--secrets-file") ? passed : {});
    if (!fails) return answered();
    if (scene.fault?.isDone === true && args[0] !== "secret") answered();
    throw new Error("the network is down");
  };
  return deploy({
    wrangler,
    say: () => {},
    config,
    environment: null,
    extra: [],
    asked: readPlace(env),
    isUnattended,
    complete: (additions) => {
      added = additions;
    },
    secrets: (names) => {
      for (const name of names) scene.kept[name] ??= `made-${name}-${scene.calls.length}`;
      passed = Object.fromEntries(names.map((name) => [name, scene.kept[name]]));
      return { values: passed, file: "secrets.json" };
    },
  });
}

function answer(scene: Scene, args: readonly string[], added: Additions, secrets: Secrets): string {
  const { databases, namespaces, worker, early } = scene;
  const option = (name: string) => (args.includes(name) ? String(args[args.indexOf(name) + 1]) : null);
  const has = worker?.secrets ?? early;
  switch (args.slice(0, 2).join(" ")) {
    case "secret list":
      if (worker === null && Object.keys(early).length === 0) throw new Error('Worker "rollcall" not found.');
      return JSON.stringify(Object.keys(has).map((name) => ({ name })));
    case "deployments status":
      return JSON.stringify({ versions: [{ version_id: "v" }] });
    case "versions view":
      return JSON.stringify({ resources: { bindings: bindingsOf(worker) } });
    case "d1 list":
      return JSON.stringify(databases);
    case "d1 create": {
      const name = String(args[2]);
      if (databases.some((one) => one.name === name)) throw new Error("A database with that name already exists");
      const where = { jurisdiction: option("--jurisdiction"), location: option("--location") };
      databases.push({ uuid: `id of ${name}`, name, ...where });
      return "made";
    }
    case "d1 execute":
      return JSON.stringify([{ meta: { served_by_region: databases[0]?.location?.toUpperCase() } }]);
    case "kv namespace":
      if (args[2] === "list") return JSON.stringify(namespaces);
      if (namespaces.length > 0) throw new Error("already exists");
      namespaces.push({ id: "id of the namespace", title: String(args[3]) });
      return "made";
    case "d1 migrations":
      return "applied";
    default:
      scene.worker = { secrets: { ...has, ...secrets }, vars: { ...added.vars }, ids: Object.fromEntries(added.ids) };
      return "deployed";
  }
}

function bindingsOf(worker: Bound | null) {
  if (worker === null) return [];
  const [database, namespace] = [worker.ids.DB, worker.ids.TOKENS];
  return [
    { type: "durable_object_namespace", name: "WRITER" },
    { type: "d1", name: "DB", id: database },
    { type: "kv_namespace", name: "TOKENS", namespace_id: namespace },
    ...Object.entries(worker.vars).map(([name, text]) => ({ type: "plain_text", name, text })),
  ];
}

const IDS = { DB: "id of rollcall", TOKENS: "id of the namespace" };

describe("a deployment", () => {
  it("looks, makes what is missing, migrates, then deploys, in this order", async () => {
    const scene = empty();
    const { missing, secrets } = await run(scene);
    expect(scene.calls).toEqual([
      "secret list --format json",
      "d1 list --json",
      "d1 create rollcall",
      "d1 list --json",
      "kv namespace list",
      "kv namespace create rollcall-tokens",
      "kv namespace list",
      "d1 migrations apply DB --remote",
      "deploy --secrets-file secrets.json",
    ]);
    expect(scene.worker).toEqual({ secrets: scene.kept, vars: {}, ids: IDS });
    expect([missing, secrets]).toEqual([[], scene.kept]);
  });

  it.each([false, true])(
    "that fails at any command (done and not told: %s) ends well when it is repeated",
    async (isDone) => {
      const whole = empty();
      await run(whole, { env: { ROLLCALL_REGION: "weur" } });
      for (let at = 1; at <= whole.calls.length; at += 1) {
        const scene = empty();
        scene.fault = { at, isDone };
        await expect(run(scene, { env: { ROLLCALL_REGION: "weur" } }), `command ${at}`).rejects.toThrow();
        const early = { ...scene.kept };
        scene.fault = null;
        await run(scene, { env: { ROLLCALL_REGION: "weur" } });
        expect(scene.worker, `command ${at}`).toEqual({ secrets: scene.kept, vars: { REGION: "weur" }, ids: IDS });
        expect(scene.kept).toMatchObject(early);
        expect([scene.databases.length, scene.namespaces.length]).toEqual([1, 1]);
      }
      expect(whole.calls.length).toBeGreaterThan(8);
    },
  );

  it("makes no secret that the Worker has: neither both, nor one that was put before there was any code", async () => {
    const scene = empty();
    scene.early = { OPERATOR_KEY: "put by hand" };
    await run(scene);
    expect(scene.worker?.secrets).toEqual({ OPERATOR_KEY: "put by hand", SESSION_SECRET: scene.kept.SESSION_SECRET });
    scene.kept = {};
    const { secrets } = await run(scene);
    expect([secrets, scene.kept]).toEqual([{}, {}]);
    expect(scene.calls.at(-1)).toBe("deploy");
  });

  it("makes and passes no secret where nobody reads along, and tells which are missing", async () => {
    const scene = empty();
    const { missing, secrets } = await run(scene, { isUnattended: true });
    expect([missing, secrets, scene.kept]).toEqual([["OPERATOR_KEY", "SESSION_SECRET"], {}, {}]);
    expect(scene.calls.at(-1)).toBe("deploy");
  });

  it("keeps to the database and the namespace that the Worker is bound to, whatever they are called", async () => {
    const scene = empty();
    scene.worker = { secrets: { OPERATOR_KEY: "", SESSION_SECRET: "" }, vars: {}, ids: { DB: "d", TOKENS: "t" } };
    await run(scene);
    expect(scene.worker?.ids).toEqual({ DB: "d", TOKENS: "t" });
    expect(scene.calls.some((call) => / (create|list)( |$)/.test(call.replace("secret list", "")))).toBe(false);
  });

  it("adds nothing for what the configuration names itself", async () => {
    const scene = empty();
    const config = CONFIG.replace('"rollcall"\n\n[[kv', '"rollcall"\ndatabase_id = "own"\n\n[[kv');
    await run(scene, { config: config.replace('"TOKENS"', '"TOKENS"\nid = "own"') });
    expect(scene.worker?.ids).toEqual({});
    expect(readDeployConfig(config, null).databases).toEqual([{ binding: "DB", name: "rollcall", id: "own" }]);
  });
});

describe("the place of a deployment", () => {
  it("is kept by later ones that do not name it", async () => {
    const scene = empty();
    await run(scene, { env: { ROLLCALL_REGION: "apac" } });
    await run(scene);
    expect(scene.worker?.vars).toEqual({ REGION: "apac" });
  });

  it("is that of every further database, which is made and migrated like the first", async () => {
    const scene = empty();
    await run(scene, { env: { ROLLCALL_REGION: "apac" } });
    const config = CONFIG.replace("[[kv", '[[d1_databases]]\nbinding = "DB2"\ndatabase_name = "rollcall-2"\n\n[[kv');
    await run(scene, { config });
    expect(scene.databases.map(({ name, location }) => [name, location])).toEqual([
      ["rollcall", "apac"],
      ["rollcall-2", "apac"],
    ]);
    expect(scene.calls.slice(-3)).toEqual([
      "d1 migrations apply DB --remote",
      "d1 migrations apply DB2 --remote",
      "deploy",
    ]);
    expect(scene.worker?.ids).toEqual({ ...IDS, DB2: "id of rollcall-2" });
  });

  it("follows a database that is elsewhere already", async () => {
    const scene = empty();
    scene.databases.push({ uuid: IDS.DB, name: "rollcall", jurisdiction: null, location: "enam" });
    await run(scene, { env: { ROLLCALL_REGION: "weur" } });
    expect(scene.worker?.vars).toEqual({ REGION: "enam" });
  });

  it("is no word that Cloudflare does not know", () => {
    expect(() => readPlace({ ROLLCALL_REGION: "europe" })).toThrow(DeployRefused);
    expect(() => readPlace({ ROLLCALL_JURISDICTION: "EU" })).toThrow(DeployRefused);
  });

  it("may stand in the configuration's variables, by the same words", async () => {
    const scene = empty();
    await run(scene, { config: `${CONFIG}JURISDICTION = "eu"\n` });
    expect(scene.databases).toMatchObject([{ jurisdiction: "eu" }]);
    await expect(run(empty(), { config: `${CONFIG}JURISDICTION = "EU"\n` })).rejects.toThrow(DeployRefused);
  });

  it("has the jurisdiction of the first deployment, and another one later is refused before anything is done", async () => {
    const scene = empty();
    await run(scene, { env: { ROLLCALL_JURISDICTION: "eu" } });
    expect(scene.databases).toMatchObject([{ jurisdiction: "eu", location: null }]);
    await run(scene);
    expect(scene.worker?.vars).toEqual({ JURISDICTION: "eu" });
    const before = scene.calls.length;
    await expect(run(scene, { env: { ROLLCALL_JURISDICTION: "us" } })).rejects.toThrow(/in the jurisdiction eu/);
    expect(scene.calls.slice(before).filter((call) => /create|deploy( |$)|migrations/.test(call))).toEqual([]);

    const plain = empty();
    await run(plain);
    await expect(run(plain, { env: { ROLLCALL_JURISDICTION: "eu" } })).rejects.toThrow(/without a jurisdiction/);
    // The same where only the database is there yet.
    const begun = empty();
    begun.databases.push({ uuid: IDS.DB, name: "rollcall", jurisdiction: null, location: null });
    await expect(run(begun, { env: { ROLLCALL_JURISDICTION: "eu" } })).rejects.toThrow(DeployRefused);
  });
});
