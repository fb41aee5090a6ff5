import { DurableObject } from "cloudflare:workers";
import { systemClock } from "../../platform/clock.ts";
import type { Env } from "../../platform/env.ts";
import { setNextAlarm } from "../../platform/next-alarm.ts";
import { describeError } from "../../platform/transient-fault.ts";

/** When to look again after D1 could not be reached (ms). */
const BREAK = 30_000;

/** The object that sends a company's messages to people: apart from its writer, which a slow receiver must not hold up. */
export class Messenger extends DurableObject<Env> {
  /** Says that there are messages to be sent. */
  async wake(companyId: string): Promise<void> {
    const { storage } = this.ctx;
    await Promise.all([storage.put("companyId", companyId), storage.setAlarm(systemClock())]);
  }

  /** Sends what is due, and sets the alarm for the next. */
  override async alarm(): Promise<void> {
    const companyId = await this.ctx.storage.get<string>("companyId");
    if (companyId === undefined) return;
    const nextAt = await this.#deliver(companyId).catch((error: unknown) => {
      const about = { message: "messages were not sent", companyId };
      console.error(JSON.stringify({ level: "error", room: "webhooks", ...about, error: describeError(error) }));
      return systemClock() + BREAK;
    });
    const { storage } = this.ctx;
    const isDone = await setNextAlarm(storage, nextAt === null ? null : Math.max(nextAt, systemClock()));
    // Nothing is awaited in between, so nobody can have woken it.
    if (isDone) await storage.deleteAll();
  }

  /** What delivers is a late module: the Worker's first answers do not wait for it. */
  async #deliver(companyId: string): Promise<number | null> {
    const { deliverMessagesOfCompany } = await import("./deliver-messages-of-company.ts");
    return deliverMessagesOfCompany(this.env, companyId);
  }
}
