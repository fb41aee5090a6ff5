import { DurableObject } from "cloudflare:workers";
import { openDirectory } from "../companies/company-store.ts";
import { systemClock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import { KEY_SPAN } from "../platform/ids.ts";
import { describeError } from "../platform/passing-fault.ts";
import { deliver, type NextStep } from "./deliver.ts";
import { loadRound, recordReport } from "./delivery-store.ts";

/** When to look again after a round that broke off, as when D1 cannot be reached (ms). */
const BROKEN_ROUND_DELAY = 30_000;

/**
 * Delivers one webhook, a round for each alarm. D1 keeps where it is; what this keeps between rounds only saves looking.
 * Each webhook has a courier of its own, so that a slow receiver holds up no other.
 */
export class WebhookCourier extends DurableObject<Env> {
  #webhookKey: number | null = null;
  #database: Database | null = null;
  #isRunning = false;
  /** What came in while a round was under way. */
  #asked: "nothing" | "poke" | "wake" = "nothing";
  /** Until then a poke changes nothing: the back-off's alarm is set, or the webhook is stopped. */
  #quietUntil = 0;

  /** Says that there may be new changes. */
  async poke(webhookKey: number): Promise<void> {
    if (this.#isRunning) {
      if (this.#asked === "nothing") this.#asked = "poke";
      return;
    }
    if (Date.now() >= this.#quietUntil) await this.#arm(webhookKey);
  }

  /** Has the courier look at its webhook now. */
  async wake(webhookKey: number): Promise<void> {
    this.#quietUntil = 0;
    if (this.#isRunning) this.#asked = "wake";
    else await this.#arm(webhookKey);
  }

  /** Runs one round and sets the alarm for the next. */
  override async alarm(): Promise<void> {
    const webhookKey = this.#webhookKey ?? (await this.ctx.storage.get<number>("webhookKey"));
    if (webhookKey === undefined) return;
    this.#isRunning = true;
    this.#asked = "nothing";
    const next = await this.#runRound(webhookKey);
    const due = this.#dueAfter(next);
    this.#isRunning = false;
    if (next.kind === "gone") await this.ctx.storage.deleteAll();
    else if (due !== null) await this.ctx.storage.setAlarm(due);
  }

  async #runRound(webhookKey: number): Promise<NextStep> {
    try {
      this.#database ??= await openDirectory(this.env, { key: Math.floor(webhookKey / KEY_SPAN) });
      const database = this.#database;
      return await deliver({
        load: () => loadRound(database, webhookKey, this.env.SESSION_SECRET, Date.now()),
        record: (round, report) => recordReport(database, round, report, Date.now()),
        fetch: (url, init) => fetch(url, init),
        clock: systemClock,
        random: () => Math.random(),
      });
    } catch (error) {
      const about = { message: "delivery round broke off", webhookKey };
      console.error(JSON.stringify({ level: "error", room: "webhooks", ...about, error: describeError(error) }));
      return { kind: "due", at: Date.now() + BROKEN_ROUND_DELAY };
    }
  }

  #dueAfter(next: NextStep): number | null {
    this.#quietUntil = 0;
    if (this.#asked === "wake") return Date.now();
    switch (next.kind) {
      case "idle":
        return this.#asked === "poke" ? Date.now() : null;
      case "due":
        this.#quietUntil = next.at;
        return next.at;
      case "stopped":
      case "gone":
        this.#quietUntil = Number.POSITIVE_INFINITY;
        return null;
    }
  }

  async #arm(webhookKey: number): Promise<void> {
    if (this.#webhookKey === null) await this.ctx.storage.put("webhookKey", webhookKey);
    this.#webhookKey = webhookKey;
    await this.ctx.storage.setAlarm(Date.now());
  }
}
