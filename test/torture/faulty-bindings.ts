import type { Env } from "../../src/platform/env.ts";
import { createRandom, type Random } from "../simulate/random.ts";
import { aroundD1, realOf, sqlOf } from "../tools/around-d1.ts";
import { isFence, withoutFence } from "../writer/hooked-d1.ts";
import { CALM, type FaultPlan } from "./fault-plan.ts";

/** The plan in force in this isolate, which the door and the writers share. */
class Faults {
  plan: FaultPlan = CALM;
  random: Random = createRandom("calm");

  follow(plan: FaultPlan): void {
    this.plan = plan;
    this.random = createRandom(plan.seed);
    // The places where bugs can be planted look there.
    Object.assign(globalThis, { torturePlant: plan.plant });
  }
}

/** What goes wrong now. */
export const faults = new Faults();

const BEFORE = [
  "D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
  "D1_ERROR: Network connection lost.",
  "D1_ERROR: Internal error in D1 DB storage caused object to be reset.",
  "D1_ERROR: database is locked: SQLITE_BUSY",
];

/** Waits in the isolate. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function risk<T>(work: () => Promise<T>): Promise<T> {
  const { plan, random } = faults;
  if (random.chance(plan.d1Slow)) await pause(random.int(plan.slowMs));
  if (random.chance(plan.d1Before)) throw new Error(random.pick(BEFORE));
  const result = await work();
  if (random.chance(plan.d1After)) throw new Error("D1_ERROR: Network connection lost.");
  return result;
}

/** Between two batches. */
type Step = () => Promise<void>;

/**
 * A D1 that fails as planned, with a step after each batch and before each commit. With a plant it commits in two halves,
 * between which the connection may be lost, or without the fence.
 */
function faultyD1(d1: D1Database, step: Step): D1Database {
  const faulty = aroundD1(d1, (_, work) => risk(work));
  const batch = async (statements: D1PreparedStatement[]) => {
    if (isFence(sqlOf(statements[0]))) await step();
    const results = await runBatch(statements);
    await step();
    return results;
  };
  const runBatch = async (statements: D1PreparedStatement[]) => {
    if (faults.plan.plant !== "commit-split" || !isFence(sqlOf(statements[0]))) return faulty.batch(statements);
    const real = statements.map(realOf);
    const half = Math.ceil(real.length / 2);
    const first = await d1.batch(real.slice(0, half));
    if (faults.random.chance(0.05)) throw new Error("D1_ERROR: Network connection lost.");
    const rest = real.slice(half);
    return [...first, ...(rest.length === 0 ? [] : await d1.batch(rest))];
  };
  // What the product calls.
  const prepare = (sql: string) => faulty.prepare(faults.plan.plant === "fence-off" ? withoutFence(sql) : sql);
  return { prepare, batch } as unknown as D1Database;
}

function faultyKv(kv: KVNamespace): KVNamespace {
  const guard = () => {
    if (faults.random.chance(faults.plan.kvFails)) throw new Error("KV request failed: 503 Service Unavailable");
  };
  return {
    get: async (key: string, options?: KVNamespaceGetOptions<undefined>) => {
      guard();
      return faults.random.chance(faults.plan.kvMisses) ? null : kv.get(key, options);
    },
    put: async (key: string, value: string) => {
      guard();
      await kv.put(key, value);
    },
    delete: async (key: string) => {
      guard();
      await kv.delete(key);
    },
  } as unknown as KVNamespace; // what the product calls
}

/** While objects are duplicated, half of the calls go to a twin that believes it is the company's, or the webhook's, too. */
function duplicated(namespace: DurableObjectNamespace): DurableObjectNamespace {
  return {
    idFromName: (name: string) => {
      const isTwin = faults.plan.isDuplicated && faults.random.chance(0.5);
      return namespace.idFromName(isTwin ? `${name} twin` : name);
    },
    get: (id: DurableObjectId) => namespace.get(id),
  } as unknown as DurableObjectNamespace; // what openWriter and openCourier call
}

const noStep: Step = async () => {};

/** The bindings as the product sees them in a campaign; a writer's have steps. */
export function faultyBindings(env: Env, step = noStep): Env {
  const objects = { WRITER: duplicated(env.WRITER), COURIER: duplicated(env.COURIER) };
  return { ...env, DB: faultyD1(env.DB, step), TOKENS: faultyKv(env.TOKENS), ...objects };
}

/** The same for a webhook's courier, which dies at some of its trips to D1: a change is under way then, or just was. */
export function mortalBindings(context: DurableObjectState, env: Env): Env {
  const d1 = faultyD1(env.DB, noStep);
  const batch = async (statements: D1PreparedStatement[]) => {
    if (faults.random.chance(faults.plan.abort)) {
      context.abort("the campaign aborted this courier");
      await new Promise(() => {});
    }
    return d1.batch(statements);
  };
  // What a courier calls.
  return { ...env, DB: { prepare: (sql: string) => d1.prepare(sql), batch } as unknown as D1Database };
}
