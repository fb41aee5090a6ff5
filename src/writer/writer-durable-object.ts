import { DurableObject } from "cloudflare:workers";
import { earliest } from "../alerts/alert.ts";
import { openDirectory } from "../companies/company-store.ts";
import { systemClock } from "../platform/clock.ts";
import type { Env } from "../platform/env.ts";
import { setNextAlarm } from "../platform/next-alarm.ts";
import { describeError } from "../platform/transient-fault.ts";
import { wakeMessenger } from "../webhooks/alert-messages/call-messenger.ts";
import { notifyCourier, wakeCourier } from "../webhooks/call-courier.ts";
import { CourierNotifier } from "../webhooks/courier-notifier.ts";
import type { CompanyWriter } from "./company-writer.ts";
import type { WriteRequest, WriteResult } from "./operation.ts";

/** How long a request waits for the work that follows it (ms) before it goes on in the background. */
const PATIENCE = 20_000;
/** Users and groups that it waits for where somebody looks at a page: those of one step. */
const HURRIED = { most: 300 };
/** When the alarm looks for work left over (ms); set anew after each interruption, so that no number of faults ends it. */
const ALARM = 500;

/** The one object of a company that orders its writes; D1 keeps the truth, this keeps only what it can lose. */
export class DirectoryWriter extends DurableObject<Env> {
  #writer: Promise<CompanyWriter> | null = null;
  /** Once the couriers of changed webhooks are woken: who changed one is answered after that. */
  #woken: Promise<unknown> = Promise.resolve();
  readonly #notifier = new CourierNotifier((webhookKey) => notifyCourier(this.env, webhookKey));

  /** Runs one operation in its place in the company's order; answers only after its commit. */
  async write(companyId: string, request: WriteRequest): Promise<WriteResult> {
    const writer = await this.#open(companyId);
    const before = this.#woken;
    const result = await writer.write(request);
    if (this.#woken !== before && result.ok && result.outcome.kind === "done") await this.#woken;
    if (result.ok && writer.isFollowed(request)) await this.#followUp(writer, request.isInHurry ? HURRIED : {}, false);
    return result;
  }

  /** Has it go on soon with work that earlier commits scheduled; who asks again and again does not put it off. */
  async resume(companyId: string): Promise<void> {
    const at = await this.ctx.storage.getAlarm();
    if (at === null || at > Date.now() + ALARM) await this.#expectWork(companyId);
  }

  /** The alarm is set before the commit: whatever happens after it, the work it schedules will be done. */
  async #expectWork(companyId: string): Promise<void> {
    await this.ctx.storage.put("companyId", companyId);
    await this.ctx.storage.setAlarm(Date.now() + ALARM);
  }

  /** Goes on with work that several commits share, after a crash or a long change. */
  override async alarm(): Promise<void> {
    const companyId = await this.ctx.storage.get<string>("companyId");
    if (companyId === undefined) return;
    const writer = await this.#open(companyId);
    writer.forget();
    const isDone = await this.#followUp(writer, {}, true);
    const next = isDone ? await this.#endTerms(writer) : Date.now() + ALARM;
    await setNextAlarm(this.ctx.storage, next);
  }

  /** Has what is due by now done; gives when there is something to do again (ms). */
  async #endTerms(writer: CompanyWriter): Promise<number | null> {
    try {
      const next = earliest([await writer.expireHeld(), await writer.reviewAlerts(), await writer.setOverdue()]);
      return next === null ? null : Math.max(next, Date.now() + ALARM);
    } catch (error) {
      const message = "what was due was not done";
      console.error(JSON.stringify({ level: "error", room: "writer", message, error: describeError(error) }));
      return Date.now() + 60 * ALARM;
    }
  }

  /** Whether all is done. A fault ends it for now and fails nobody: the decision is committed, the alarm goes on with it. */
  async #followUp(writer: CompanyWriter, waits: { most?: number }, renews: boolean): Promise<boolean> {
    try {
      return await writer.runFollowUps({ ...waits, deadline: systemClock() + PATIENCE }, { renews });
    } catch (error) {
      const message = "work left over was interrupted";
      console.error(JSON.stringify({ level: "error", room: "writer", message, error: describeError(error) }));
    }
    return false;
  }

  #open(companyId: string): Promise<CompanyWriter> {
    this.#writer ??= this.#makeWriter(companyId).catch((error: unknown) => {
      this.#writer = null;
      throw error;
    });
    return this.#writer;
  }

  /** What writes is a late module: the answers to reads do not wait for it. */
  async #makeWriter(companyId: string): Promise<CompanyWriter> {
    const { CompanyWriter } = await import("./company-writer.ts");
    const { d1 } = await openDirectory(this.env, { id: companyId });
    const onChanges = (webhookKeys: number[]) => this.#notifier.send(webhookKeys);
    const onWebhooks = (webhookKeys: readonly number[]) => {
      this.#woken = Promise.all(webhookKeys.map((webhookKey) => wakeCourier(this.env, webhookKey)));
    };
    const onWork = () => this.#expectWork(companyId);
    const onMessages = () => void wakeMessenger(this.env, companyId);
    const listeners = { onChanges, onWebhooks, onMessages, onWork };
    return new CompanyWriter({ d1, companyId, clock: systemClock, secrets: this.env, ...listeners });
  }
}
