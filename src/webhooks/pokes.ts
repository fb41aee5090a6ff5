import { describeError } from "../platform/passing-fault.ts";

/**
 * Sends pokes after commits, without anybody waiting: at most one at a time to each courier, and one more when there
 * were commits meanwhile. A poke that fails is lost; the courier's alarm or the sweep makes up for it.
 */
export class Pokes {
  readonly #poke: (webhookKey: number) => Promise<void>;
  /** Couriers being poked; true where another poke has to follow. */
  readonly #underway = new Map<number, boolean>();

  constructor(poke: (webhookKey: number) => Promise<void>) {
    this.#poke = poke;
  }

  /** Pokes the couriers of these webhooks soon. */
  send(webhookKeys: readonly number[]): void {
    for (const key of webhookKeys)
      if (this.#underway.has(key)) this.#underway.set(key, true);
      else void this.#run(key);
  }

  async #run(key: number): Promise<void> {
    do {
      this.#underway.set(key, false);
      await this.#poke(key).catch((error: unknown) => {
        const about = { message: "poke failed", webhookKey: key };
        console.error(JSON.stringify({ level: "error", room: "webhooks", ...about, error: describeError(error) }));
      });
    } while (this.#underway.get(key) === true);
    this.#underway.delete(key);
  }
}
