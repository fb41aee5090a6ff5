import type { Env } from "../../src/platform/env.ts";
import { createRandom, type Random } from "../simulate/random.ts";
import { isFence, withoutFence } from "../writer/hooked-d1.ts";
import { CALM, type FaultPlan } from "./fault-plan.ts";

/** The plan in force in this isolate, which the door and the writers share. */
class Faults {
  plan: FaultPlan = CALM;
  random: Random = createRandom("calm");

  follow(plan: FaultPlan): void {
    this.plan = plan;
    this.random = createRandom(plan.seed);
  }
}

/** What goes wrong now. */
export const faults = new Faults();

const BEFORE = [
  "D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
  "D1_ERROR: Network connection lost.",
  "D1_ERROR: Internal error in D1 DB storage caused object to be reset.",
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

/** What a prepared statement was made of: a batch has to hand the real ones on. */
const REAL = new WeakMap<object, D1PreparedStatement>();
const SQL = new WeakMap<object, string>();

function wrapStatement(real: D1PreparedStatement, sql: string): D1PreparedStatement {
  const wrapped = {
    bind: (...values: unknown[]) => wrapStatement(real.bind(...values), sql),
    first: (column?: string) => risk(() => (column === undefined ? real.first() : real.first(column))),
    all: () => risk(() => real.all()),
    run: () => risk(() => real.run()),
    raw: (options?: { columnNames?: false }) => risk(() => real.raw(options)),
  } as unknown as D1PreparedStatement; // all of the methods, without their overloads
  REAL.set(wrapped, real);
  SQL.set(wrapped, sql);
  return wrapped;
}

function isCommit(statements: readonly D1PreparedStatement[]): boolean {
  return isFence(SQL.get(statements[0] ?? {}));
}

/** Between two batches. */
type Step = () => Promise<void>;

/**
 * A D1 that fails as planned, with a step after each batch and before each commit. With a plant it commits in two halves,
 * between which the connection may be lost, or without the fence.
 */
function faultyD1(d1: D1Database, step: Step): D1Database {
  const batch = async (statements: D1PreparedStatement[]) => {
    if (isCommit(statements)) await step();
    const results = await runBatch(statements);
    await step();
    return results;
  };
  const runBatch = async (statements: D1PreparedStatement[]) => {
    const real = statements.map((statement) => REAL.get(statement) ?? statement);
    if (faults.plan.plant !== "commit-split" || !isCommit(statements)) return risk(() => d1.batch(real));
    const half = Math.ceil(real.length / 2);
    const first = await d1.batch(real.slice(0, half));
    if (faults.random.chance(0.05)) throw new Error("D1_ERROR: Network connection lost.");
    const rest = real.slice(half);
    return [...first, ...(rest.length === 0 ? [] : await d1.batch(rest))];
  };
  // What the product calls.
  const prepare = (sql: string) =>
    wrapStatement(d1.prepare(faults.plan.plant === "fence-off" ? withoutFence(sql) : sql), sql);
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

/** While writers are duplicated, half of the calls go to a twin that believes it is the company's writer, too. */
function duplicated(namespace: DurableObjectNamespace): DurableObjectNamespace {
  return {
    idFromName: (name: string) => {
      const isTwin = faults.plan.isDuplicated && faults.random.chance(0.5);
      return namespace.idFromName(isTwin ? `${name} twin` : name);
    },
    get: (id: DurableObjectId) => namespace.get(id),
  } as unknown as DurableObjectNamespace; // what openWriter calls
}

const noStep: Step = async () => {};

/** The bindings as the product sees them in a campaign; a writer's have steps. */
export function faultyBindings(env: Env, step = noStep): Env {
  return { ...env, DB: faultyD1(env.DB, step), TOKENS: faultyKv(env.TOKENS), WRITER: duplicated(env.WRITER) };
}
