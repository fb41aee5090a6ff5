import { abortAllDurableObjects, createScheduledController, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import type { Env } from "../../src/platform/env.ts";
import worker from "../../src/worker.ts";
import { inTurn } from "../generated-cases.ts";
import { type Change, call, keyOf, type List, openCompany, type Shown, until } from "./hooked-worker.ts";

afterEach(() => vi.restoreAllMocks());

/** The calls of a courier before and after which its object can die: it is armed, sends the second of three changes in vain, and sets its alarm for the back-off. */
const CALLS = ["alarm 1", "the load", "send 1", "record 1", "send 2", "record 2", "alarm 2"];
const STEPS = inTurn(
  CALLS.flatMap((name) => [`before ${name}`, `after ${name}`]),
  0,
);

/** One company's courier, which goes on no more once it comes to its step. */
class Watched {
  readonly step: string;
  readonly received: string[] = [];
  mostUnderWay = 0;
  isDead = false;
  #underWay = 0;
  #refusals = 1;
  readonly #counts = new Map<string, number>();

  constructor(step: string) {
    this.step = step;
  }

  /** Does a call of the courier; one that dies never learns what came of it. */
  async pass<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.#diesAt(`before ${name}`)) return new Promise(() => undefined);
    const result = await work();
    if (this.#diesAt(`after ${name}`)) return new Promise(() => undefined);
    return result;
  }

  #diesAt(step: string): boolean {
    if (this.isDead || step !== this.step) return false;
    this.isDead = true;
    return true;
  }

  /** The name of the next call of a kind. */
  next(kind: string): string {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return `${kind} ${count}`;
  }

  async receive(id: string): Promise<Response> {
    this.received.push(id);
    this.#underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.#underWay);
    await Promise.resolve();
    this.#underWay -= 1;
    const isRefused = new Set(this.received).size === 2 && this.#refusals-- > 0;
    return new Response(null, { status: isRefused ? 503 : 204 });
  }
}

/** A statement of the runtime's D1 shows its text and its parameters; no type declares it. */
type Stated = D1PreparedStatement & { statement: string; params: unknown[] };

/** A change's id begins with its company's. */
const UUID_LENGTH = 36;

/** Stands between the couriers and all that they call: D1, their alarms and the Internet. */
class Watch {
  readonly #byCompany = new Map<string, Watched>();
  readonly #byKey = new Map<number, Watched>();
  readonly #byStorage = new Map<DurableObjectStorage, Watched>();

  constructor() {
    const byCompany = this.#byCompany;
    vi.spyOn(globalThis, "fetch").mockImplementation((_url, init) => {
      const id = new Headers(init?.headers).get("webhook-id") ?? "";
      const watched = byCompany.get(id.slice(0, UUID_LENGTH));
      if (watched === undefined) return Promise.resolve(new Response());
      return watched.pass(watched.next("send"), () => watched.receive(id));
    });
    const byKey = this.#byKey;
    const d1: D1Database = Object.getPrototypeOf(env.DB);
    const { batch } = d1;
    vi.spyOn(d1, "batch").mockImplementation(function (this: D1Database, statements) {
      const work = () => batch.call(this, statements);
      const stated = statements as Stated[];
      const watched = byKey.get(Number(stated.at(-1)?.params[0]));
      const isLoad = stated.some(({ statement }) => statement.includes("SELECT sealed FROM webhook_secrets"));
      const isRecord = stated.some(({ statement }) => statement.includes("INSERT INTO webhook_deliveries"));
      // The results are of whatever type the caller expects.
      if (watched !== undefined && isLoad) return watched.pass("the load", work) as never;
      if (watched !== undefined && isRecord) return watched.pass(watched.next("record"), work) as never;
      return work() as never;
    });
  }

  async add(companyId: string, webhookId: string, watched: Watched): Promise<void> {
    const key = await keyOf(webhookId);
    this.#byCompany.set(companyId, watched);
    this.#byKey.set(key, watched);
    const courier = env.COURIER.get(env.COURIER.idFromName(String(key)));
    const storage = await runInDurableObject(courier, (_instance, state) => state.storage);
    this.#byStorage.set(storage, watched);
    const prototype: DurableObjectStorage = Object.getPrototypeOf(storage);
    if (vi.isMockFunction(prototype.setAlarm)) return;
    const { setAlarm } = prototype;
    const byStorage = this.#byStorage;
    vi.spyOn(prototype, "setAlarm").mockImplementation(function (this: DurableObjectStorage, at) {
      const work = () => setAlarm.call(this, at);
      const watched = byStorage.get(this);
      return watched?.pass(watched.next("alarm"), work) ?? work();
    });
  }
}

/** What time and the cron do: back-offs are over, and work that nobody has in mind is found. */
async function letTimePass(): Promise<void> {
  await env.DB.prepare("UPDATE webhooks SET next_attempt_at = NULL").run();
  await worker.scheduled(createScheduledController({ scheduledTime: new Date() }), env as unknown as Env);
}

it("a courier whose object dies at any step of it delivers everything, in order", async () => {
  const watch = new Watch();
  const cases = await Promise.all(
    STEPS.map(async (step) => {
      const { company, base, hook, arrive } = await openCompany();
      const { webhook, path } = await hook({ types: ["user.created"] });
      await call("PATCH", path, { enabled: false });
      for (const name of ["ada", "grace", "alan"]) await arrive(`${name}@example.com`);
      const watched = new Watched(step);
      await watch.add(company.id, webhook.id, watched);
      return { base, path, watched };
    }),
  );
  // One that dies before it is armed leaves the door without an answer.
  for (const { path } of cases) void call("PATCH", path, { enabled: true });
  await until(() => cases.every(({ watched }) => watched.isDead));
  await abortAllDurableObjects();
  await until(async () => {
    await letTimePass();
    const shown = await Promise.all(cases.map(({ path }) => call<Shown>("GET", path)));
    return shown.every(({ json }) => json.behind === 0);
  });
  for (const { base, watched } of cases) {
    const feed = await call<List<Change>>("GET", `${base}/changes?types=user.created`);
    const ids = feed.json.items.map(({ id }) => id);
    expect(ids, watched.step).toHaveLength(3);
    expect([...new Set(watched.received)], watched.step).toEqual(ids);
    expect(watched.mostUnderWay, watched.step).toBe(1);
  }
});
