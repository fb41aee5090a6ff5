import { describeError } from "../platform/transient-fault.ts";

/**
 * Notifies couriers after commits, without anybody waiting: one notification at a time to each, and one more when there
 * were commits meanwhile. One that fails is lost; the courier's alarm or the sweep makes up for it.
 */
export class CourierNotifier {
  readonly #notify: (webhookKey: number) => Promise<void>;
  /** Couriers being notified; true where another notification has to follow. */
  readonly #underway = new Map<number, boolean>();

  constructor(notify: (webhookKey: number) => Promise<void>) {
    this.#notify = notify;
  }

  /** Notifies the couriers of these webhooks soon. */
  send(webhookKeys: readonly number[]): void {
    for (const key of webhookKeys)
      if (this.#underway.has(key)) this.#underway.set(key, true);
      else void this.#run(key);
  }

  async #run(key: number): Promise<void> {
    do {
      this.#underway.set(key, false);
      await this.#notify(key).catch((error: unknown) => {
        const about = { message: "a courier could not be notified", webhookKey: key };
        console.error(JSON.stringify({ level: "error", room: "webhooks", ...about, error: describeError(error) }));
      });
    } while (this.#underway.get(key) === true);
    this.#underway.delete(key);
  }
}
