import { createExecutionContext, env } from "cloudflare:test";
import { expect } from "vitest";
import { app } from "../../src/app.ts";
import type { Env } from "../../src/platform/env.ts";
import { CompanyWriter } from "../../src/writer/company-writer.ts";
import type { WriteRequest, WriteResult } from "../../src/writer/operation.ts";
import type { Operation } from "../bench/operations.ts";
import { seedGroup, seedUsers } from "../bench/workers/seed-directory.ts";
import type { Filled, World } from "../bench/world.ts";
import { RecordingD1 } from "./recording-d1.ts";
import { UNHEARD } from "./unheard.ts";

// Last use is written once a minute: with a clock that runs, a slow machine would count a row more for whatever comes then.
const NOW = Date.now();
const stillClock = () => NOW;

const DONE: WriteResult = { ok: true, outcome: { kind: "done" } };

/** The whole product on a D1 that keeps what goes through it, the writer in the same isolate. */
export class Product {
  readonly recorder = new RecordingD1(env.DB);
  readonly #queues = new Map<string, CompanyWriter>();
  readonly #env: Env;

  constructor() {
    // What reads leave for the log comes in its own time, and would be counted with whatever is measured then.
    const write = (companyId: string, request: WriteRequest) =>
      request.operation.kind === "log" ? DONE : this.#queueOf(companyId).write(request);
    const writer = { idFromName: (name: string) => name, get: () => ({ write }) };
    // As much of a namespace of Durable Objects as openWriter uses.
    this.#env = { ...env, DB: this.recorder.d1, WRITER: writer as unknown as DurableObjectNamespace };
  }

  #queueOf(companyId: string): CompanyWriter {
    const writer =
      this.#queues.get(companyId) ??
      new CompanyWriter({ ...UNHEARD, d1: this.recorder.d1, companyId, clock: stillClock });
    this.#queues.set(companyId, writer);
    return writer;
  }

  send(method: string, path: string, token: string, body?: string): Promise<Response> {
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const request = new Request(`https://rollcall.test${path}`, { method, headers, body });
    return Promise.resolve(app.fetch(request, this.#env, createExecutionContext()));
  }

  /** Makes a company with one setting and fills it with people. */
  async fill(groupSettings: Record<string, string>, size: number): Promise<Filled> {
    const post = async (path: string, body: unknown) => {
      const answer = await this.send("POST", `/api/v1${path}`, env.OPERATOR_KEY, JSON.stringify(body));
      expect(answer.status).toBe(201);
      return answer.json<{ id: string; token: { secret: string } }>();
    };
    const { id: companyId } = await post("/companies", { name: "Acme" });
    const body = { name: "S", provider: "entra", groupSettings };
    const { id: settingId, token } = await post(`/companies/${companyId}/scim-settings`, body);
    const seed = { companyId, settingId, first: 0, count: size };
    const userIds = await seedUsers(env.DB, stillClock, seed);
    return { companyId, settingId, token: token.secret, settingKey: 0, userIds, groups: new Map() };
  }

  /** A world as the bench has it. Its "group of 10" has as many members as the directory has people to spare. */
  async world(size: number): Promise<World> {
    const field = await this.fill({ criteria: "field", field: "department", targetGroupName: "Everyone" }, size);
    const idp = await this.fill({ criteria: "idp" }, size + 200);
    const group = { ...idp, displayName: "Group of 10", memberIds: idp.userIds.slice(0, size) };
    idp.groups.set(10, await seedGroup(env.DB, stillClock, group));
    const turns = new Map<string, number>();
    let made = size;
    return {
      size,
      field,
      idp,
      nextPerson: () => made++,
      nextTurn: (operation) => {
        const turn = turns.get(operation) ?? 0;
        turns.set(operation, turn + 1);
        return turn;
      },
    };
  }

  async run(world: World, operation: Operation): Promise<void> {
    const { method, path, body } = operation.request(world, world.nextTurn(operation.name), 0);
    const answer = await this.send(method, path, world[operation.setting].token, body);
    const status = answer.status;
    operation.note?.(world, 0, { status, body: Buffer.from(await answer.arrayBuffer()) });
    expect(operation.expect, `${method} ${path}`).toContain(status);
  }
}
