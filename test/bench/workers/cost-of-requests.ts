import { app } from "../../../src/app.ts";
import type { LogEntry } from "../../../src/log/log-entry.ts";
import type { Env } from "../../../src/platform/env.ts";
import { CompanyWriter } from "../../../src/writer/company-writer.ts";
import type { WriteRequest, WriteResult } from "../../../src/writer/operation.ts";
import { RecordingD1 } from "../../writer/recording-d1.ts";
import { UNHEARD } from "../../writer/unheard.ts";
import { person, userNameOf } from "../people.ts";
import { countKv, noCounts } from "./counters.ts";
import { countEntries, gained, type Rows, rowsByTable } from "./rows-by-table.ts";

/** What requests cost: the rows that single ones write, and those of a first sync. */
export interface Costs {
  single: Record<string, Rows>;
  /** People that came, so many at once, and what all of it wrote and asked. */
  people: number;
  connections: number;
  sync: Rows & { rowsRead: number; requests: number; objectCalls: number; kvReads: number; bytes: number };
}

/**
 * Requests that are under way at once while people come. The first of them has a commit to itself; the others, which come
 * meanwhile, share the next one.
 */
const CONNECTIONS = 16;
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** A company of the whole product, the writer in the same isolate, on a D1 that counts and with a clock that stands. */
class Measured {
  readonly #db: D1Database;
  readonly #recorder: RecordingD1;
  readonly #env: Env;
  readonly #writers = new Map<string, CompanyWriter>();
  #later: Promise<unknown>[] = [];
  #logged: LogEntry[] = [];
  #awaited = 0;
  #open: () => void = () => {};
  #gate: Promise<void> = Promise.resolve();
  readonly counters = noCounts();
  objectCalls = 0;
  companyId = "";
  token = "";

  constructor(env: Env) {
    this.#db = env.DB;
    this.#recorder = new RecordingD1(env.DB);
    const now = Date.now();
    const d1 = this.#gated(this.#recorder.d1);
    const write = (companyId: string, request: WriteRequest): Promise<WriteResult> => {
      if (request.operation.kind === "log") {
        this.#logged.push(...request.operation.entries);
        return Promise.resolve({ ok: true, outcome: { kind: "done" } });
      }
      this.objectCalls += 1;
      const writer = this.#writers.get(companyId) ?? new CompanyWriter({ ...UNHEARD, d1, companyId, clock: () => now });
      this.#writers.set(companyId, writer);
      const result = writer.write(request);
      this.#awaited -= 1;
      if (this.#awaited <= 0) this.#open();
      return result;
    };
    const stub = { write, resume: () => Promise.resolve() };
    // As much of a namespace of Durable Objects as openWriter uses.
    const namespace = { idFromName: (name: string) => name, get: () => stub } as unknown as DurableObjectNamespace;
    this.#env = { ...env, DB: this.#recorder.d1, WRITER: namespace, TOKENS: countKv(env.TOKENS, this.counters) };
  }

  /** A D1 whose batches wait until all writes that are awaited have come. */
  #gated(d1: D1Database): D1Database {
    const batch: D1Database["batch"] = async (statements) => {
      await this.#gate;
      return d1.batch(statements);
    };
    // What the writer uses of a D1.
    return { prepare: (sql: string) => d1.prepare(sql), batch } as D1Database;
  }

  /** Does writes all at once: D1 answers the first when the last has come. */
  async atOnce<T>(writes: readonly (() => Promise<T>)[]): Promise<T[]> {
    this.#awaited = writes.length;
    const { promise, resolve } = Promise.withResolvers<void>();
    [this.#gate, this.#open] = [promise, resolve];
    return Promise.all(writes.map((write) => write()));
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    key = this.token,
  ): Promise<{ id: string; token: { secret: string } }> {
    const context = {
      waitUntil: (work: Promise<unknown>) => this.#later.push(work),
      passThroughOnException: () => {},
    } as unknown as ExecutionContext; // what the product uses of it
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    const request = new Request(`https://rollcall.test${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = await app.fetch(request, this.#env, context);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return text === "" ? { id: "", token: { secret: "" } } : JSON.parse(text);
  }

  /** Does something and counts what it wrote, with what it left to be done after its answers. */
  async count(work: () => Promise<unknown>): Promise<Rows & { rowsRead: number }> {
    await this.settle();
    this.#recorder.clear();
    const before = await countEntries(this.#db);
    await work();
    await this.settle();
    const { statements } = this.#recorder;
    return {
      tables: rowsByTable(statements),
      indexes: gained(before, await countEntries(this.#db)),
      rowsRead: statements.reduce((sum, one) => sum + one.rowsRead, 0),
    };
  }

  /** Waits for what is done after the answers, and for what was read to be logged. */
  async settle(): Promise<void> {
    await this.handOver();
    while (this.#later.length > 0) await Promise.all(this.#later.splice(0));
  }

  /** Hands what was read to the writer's log, in one call: the next write takes it along. */
  async handOver(): Promise<void> {
    while (this.#later.length > 0) await Promise.all(this.#later.splice(0));
    const entries = this.#logged.splice(0);
    const writer = this.#writers.get(this.companyId);
    if (entries.length === 0 || writer === undefined) return;
    this.objectCalls += 1;
    const cause = { requestId: entries[0]?.id ?? "", actor: "scim" as const, settingId: null, provider: null };
    this.#later.push(writer.write({ operation: { kind: "log", entries }, cause }));
  }

  async size(): Promise<number> {
    return (await this.#db.prepare("SELECT 1").all()).meta.size_after;
  }
}

/** Counts what requests write, one by one, and what a first sync of `waves` times sixteen people does, as Entra sends them. */
export async function costOfRequests(env: Env, waves: number): Promise<Costs> {
  const measured = new Measured(env);
  const operator = (path: string, body: unknown) => measured.send("POST", `/api/v1${path}`, body, env.OPERATOR_KEY);
  const { id: companyId } = await operator("/companies", { name: "Measured" });
  const groupSettings = { criteria: "idp" };
  const setting = await operator(`/companies/${companyId}/scim-settings`, {
    name: "S",
    provider: "entra",
    groupSettings,
  });
  measured.companyId = companyId;
  measured.token = setting.token.secret;
  const scim = (method: string, path: string, body?: unknown) => measured.send(method, `/scim/v2${path}`, body);
  const patch = (path: string, ...Operations: unknown[]) => scim("PATCH", path, { Operations });
  const lookUp = (n: number) => scim("GET", `/Users?filter=${encodeURIComponent(`userName eq "${userNameOf(n)}"`)}`);
  const group = await scim("POST", "/Groups", { displayName: "Everybody" });
  const add = (id: string) => patch(`/Groups/${group.id}`, { op: "Add", path: "members", value: [{ value: id }] });
  // The caches of the door and the writer are warm then, and the last uses written.
  const { id: first } = await scim("POST", "/Users", person(0));
  await add(first);
  await lookUp(0);
  let made = "";
  const department = `${ENTERPRISE}:department`;
  const steps: [name: string, work: () => Promise<unknown>][] = [
    ["a look-up, nobody there", () => lookUp(1)],
    ["create a user", async () => (made = (await scim("POST", "/Users", person(1))).id)],
    ["add a member", () => add(made)],
    ["a look-up, one there", () => lookUp(1)],
    ["PATCH department", () => patch(`/Users/${made}`, { op: "Replace", path: department, value: "Elsewhere" })],
    ["PATCH, nothing changes", () => patch(`/Users/${made}`, { op: "Replace", path: department, value: "Elsewhere" })],
    ["add a member that is one", () => add(made)],
    [
      "PATCH userName",
      () => patch(`/Users/${made}`, { op: "Replace", path: "userName", value: "renamed@bench.example" }),
    ],
    ["deactivate", () => patch(`/Users/${made}`, { op: "Replace", path: "active", value: "False" })],
    ["DELETE a user", () => scim("DELETE", `/Users/${made}`)],
    [
      "create a group with a member",
      () => scim("POST", "/Groups", { displayName: "Few", members: [{ value: first }] }),
    ],
  ];
  const single: Costs["single"] = {};
  for (const [name, work] of steps) single[name] = await measured.count(work);
  let next = 100;
  let requests = 0;
  const wave = async () => {
    const numbers = Array.from({ length: CONNECTIONS }, () => next++);
    await Promise.all(numbers.map(lookUp));
    const people = await measured.atOnce(numbers.map((n) => () => scim("POST", "/Users", person(n))));
    // The door gathers what was read for a while: whom it asked for is there by then.
    await measured.handOver();
    await measured.atOnce(
      people.map(
        ({ id }) =>
          () =>
            add(id),
      ),
    );
    requests += 3 * CONNECTIONS;
  };
  const [callsBefore, kvBefore, bytesBefore] = [measured.objectCalls, measured.counters.kvReads, await measured.size()];
  const rows = await measured.count(async () => {
    for (let n = 0; n < waves; n += 1) await wave();
  });
  const objectCalls = measured.objectCalls - callsBefore;
  const kvReads = measured.counters.kvReads - kvBefore;
  const bytes = (await measured.size()) - bytesBefore;
  return {
    single,
    connections: CONNECTIONS,
    people: waves * CONNECTIONS,
    sync: { ...rows, requests, objectCalls, kvReads, bytes },
  };
}
