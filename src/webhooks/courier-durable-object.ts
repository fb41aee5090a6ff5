import { DurableObject } from "cloudflare:workers";
import { openDirectory } from "../companies/company-store.ts";
import { systemClock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import { KEY_SPAN } from "../platform/row-keys.ts";
import { Courier, type CourierRound } from "./courier.ts";
import type { NextStep } from "./run-delivery-round.ts";

/** The object of one webhook's courier: each webhook has its own, so that a slow receiver holds up no other. */
export class WebhookCourier extends DurableObject<Env> {
  #database: Database | null = null;
  readonly #courier = new Courier({
    recall: () => this.ctx.storage.get<number>("webhookKey"),
    arm: (webhookKey, at) => this.#arm(webhookKey, at),
    forget: () => this.ctx.storage.deleteAll(),
    deliver: (webhookKey, round) => this.#deliver(webhookKey, round),
    clock: systemClock,
  });

  /** Says that there may be new changes. */
  notify(webhookKey: number): Promise<void> {
    return this.#courier.notify(webhookKey);
  }

  /** Has the courier look at its webhook now. */
  wake(webhookKey: number): Promise<void> {
    return this.#courier.wake(webhookKey);
  }

  /** Delivers, and sets the alarm for what is left. */
  override alarm(): Promise<void> {
    return this.#courier.run();
  }

  /** Nothing is awaited in between: the runtime writes both in one. */
  async #arm(webhookKey: number | null, at: number): Promise<void> {
    const { storage } = this.ctx;
    const isKept = webhookKey === null ? undefined : storage.put("webhookKey", webhookKey);
    await Promise.all([isKept, storage.setAlarm(at)]);
  }

  /** What delivers is a late module: the Worker's first answers do not wait for it. */
  async #deliver(webhookKey: number, round: CourierRound): Promise<NextStep> {
    const { deliverRoundOfWebhook } = await import("./deliver-round-of-webhook.ts");
    this.#database ??= await openDirectory(this.env, { key: Math.floor(webhookKey / KEY_SPAN) });
    return deliverRoundOfWebhook(this.env, this.#database, webhookKey, round);
  }
}
