import { DurableObject } from "cloudflare:workers";
import { openDirectory } from "../companies/company-store.ts";
import { systemClock, systemPause } from "../platform/clock.ts";
import type { Env } from "../platform/env.ts";
import { describeError } from "../platform/passing-fault.ts";
import { openCourier } from "../webhooks/open-courier.ts";
import { Pokes } from "../webhooks/pokes.ts";
import { Committer } from "./commit-group.ts";
import type { WriteRequest, WriteResult } from "./operation.ts";
import { WriteQueue } from "./write-queue.ts";

/** How long a request waits for the work that follows it (ms) before it goes on in the background. */
const REPLAN_PATIENCE = 20_000;
/** When the alarm looks for work left over (ms); set anew after each interruption, so that no number of faults ends it. */
const REPLAN_ALARM = 500;

/** Between two steps of it (ms). */
const BREATH = 2;

/** Operations whose answer waits for the work they leave, as far as that is done in time. */
const FOLLOWED_BY_WORK = new Set<WriteRequest["operation"]["kind"]>([
  "updateSetting",
  "deleteSetting",
  "setAutoEnrolments",
  "deleteCompany",
  "deleteField",
]);

/** The one object of a company that orders its writes; D1 keeps the truth, this keeps only what it can lose. */
export class DirectoryWriter extends DurableObject<Env> {
  #queue: Promise<WriteQueue> | null = null;
  readonly #pokes = new Pokes((webhookKey) => openCourier(this.env, webhookKey).poke(webhookKey));

  /** Runs one operation in its place in the company's order; answers only after its commit. */
  async write(companyId: string, request: WriteRequest): Promise<WriteResult> {
    const queue = await this.#open(companyId);
    const result = await queue.write(request);
    if (result.ok && FOLLOWED_BY_WORK.has(request.operation.kind))
      await this.#followUp(queue, Date.now() + REPLAN_PATIENCE);
    return result;
  }

  /** Has it go on soon with work that earlier commits left. */
  resume(companyId: string): Promise<void> {
    return this.#expectWork(companyId);
  }

  /** The alarm is set before the commit: whatever happens after it, the work it left will be done. */
  async #expectWork(companyId: string): Promise<void> {
    await this.ctx.storage.put("companyId", companyId);
    await this.ctx.storage.setAlarm(Date.now() + REPLAN_ALARM);
  }

  /** Goes on with work that several commits share, after a crash or a long change. */
  override async alarm(): Promise<void> {
    const companyId = await this.ctx.storage.get<string>("companyId");
    if (companyId === undefined) return;
    const isDone = await this.#followUp(await this.#open(companyId), Date.now() + REPLAN_PATIENCE);
    if (!isDone) await this.ctx.storage.setAlarm(Date.now() + REPLAN_ALARM);
  }

  /** Whether all is done. A fault ends it for now and fails nobody: the decision is committed, the alarm goes on with it. */
  async #followUp(queue: WriteQueue, deadline: number): Promise<boolean> {
    try {
      while (Date.now() < deadline) {
        if (!(await queue.replan())) return true;
        // On one thread with D1, as on a laptop, step upon step would keep new requests from being read at all.
        await systemPause(BREATH);
      }
    } catch (error) {
      const message = "work left over was interrupted";
      console.error(JSON.stringify({ level: "error", room: "writer", message, error: describeError(error) }));
    }
    return false;
  }

  #open(companyId: string): Promise<WriteQueue> {
    this.#queue ??= this.#makeQueue(companyId).catch((error: unknown) => {
      this.#queue = null;
      throw error;
    });
    return this.#queue;
  }

  async #makeQueue(companyId: string): Promise<WriteQueue> {
    const { d1 } = await openDirectory(this.env, { id: companyId });
    const onChanges = (webhookKeys: number[]) => this.#pokes.send(webhookKeys);
    const onWork = () => this.#expectWork(companyId);
    return new WriteQueue(new Committer({ d1, companyId, clock: systemClock, onChanges, onWork }), systemClock);
  }
}
