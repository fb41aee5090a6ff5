import { DurableObject } from "cloudflare:workers";
import { systemClock } from "../platform/clock.ts";
import type { Env } from "../platform/env.ts";
import { type Account, ShareOfDatabaseTime, type SlotAnswer } from "./share-of-database-time.ts";

/**
 * The one object of a company that its isolates lease the share of the database from. It is an object of its own, not a
 * method of the company's writer: requests that are refused come by the hundred, and each would take processor time from
 * the one thread that orders the writes.
 */
export class CompanyShare extends DurableObject<Env> {
  #share: Promise<ShareOfDatabaseTime> | null = null;

  /** Gives the slot to a request, or says how long to stay away. */
  async take(id: string): Promise<SlotAnswer> {
    const share = await this.#open();
    const verdict = await share.take(id);
    if (verdict.isGiven) this.#keep(share);
    return verdict;
  }

  /** Takes off what the reader used (ms); false when the slot is another's by now. */
  async spend(id: string, used: number, isDone: boolean): Promise<boolean> {
    const share = await this.#open();
    const isReader = share.spend(id, used, isDone);
    this.#keep(share);
    return isReader;
  }

  /** Takes off what was used without the slot (ms). */
  async charge(used: number): Promise<void> {
    const share = await this.#open();
    share.charge(used);
    this.#keep(share);
  }

  /** How long (s) to stay away for who needs no slot: 0 while something is left. */
  async owes(): Promise<number> {
    return (await this.#open()).owes();
  }

  /** An object that nobody asks for ten seconds is gone from memory: what its company owes is not. */
  #keep(share: ShareOfDatabaseTime): void {
    void this.ctx.storage.put("account", share.account);
  }

  #open(): Promise<ShareOfDatabaseTime> {
    this.#share ??= this.ctx.storage
      .get<Account>("account")
      .then((account) => new ShareOfDatabaseTime(systemClock, account))
      .catch((error: unknown) => {
        this.#share = null;
        throw error;
      });
    return this.#share;
  }
}
