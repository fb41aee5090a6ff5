import { DurableObject } from "cloudflare:workers";
import { findCompany } from "../companies/company-store.ts";
import { systemClock } from "../platform/clock.ts";
import { openDatabase } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import { setNextAlarm } from "../platform/next-alarm.ts";
import { describeError } from "../platform/passing-fault.ts";
import { deliverMessages } from "./deliver-messages.ts";
import { findDueMessages, recordAttempt } from "./message-store.ts";

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

  async #deliver(companyId: string): Promise<number | null> {
    const company = await findCompany(this.env, companyId);
    if (company === null) return null;
    const database = openDatabase(this.env, company);
    return deliverMessages({
      companyId,
      secrets: this.env,
      clock: systemClock,
      ports: { env: this.env, fetch: (url, init) => fetch(url, init) },
      find: (now) => findDueMessages(database, company.key, now),
      record: (message, attempt) => recordAttempt(database, company.key, message, attempt),
    });
  }
}
