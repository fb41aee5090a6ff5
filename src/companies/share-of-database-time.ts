import type { Clock } from "../platform/clock.ts";

/** What of its database's time a company gets for what no index answers: 50 ms of each second. */
const SHARE = 0.05;
/** What it may take of it at once (ms). */
export const BURST = 2_000;
/** A reader that is not heard of for so long (ms) is gone: the slot is free again. */
export const LEASE = 10_000;
/** What such a reader is taken to have used (ms): it rests between its statements as long as they take. */
const UNTOLD = LEASE / 2;
/** So much (ms) must have come together again before the next one begins: about one statement. */
const LEAST = 30;
/** Requests that wait for the slot, and how long (ms). */
const MOST_WAITING = 8;
const PATIENCE = 5_000;
const TOO_MANY_WAIT: SlotAnswer = { isGiven: false, retryAfter: 1 };

/** What has to outlive an object: what is left of the share (ms; below zero it is owed), at what time, and who has the slot. */
export interface Account {
  left: number;
  at: number;
  reader: { id: string; until: number } | null;
}

/** The slot is given, or how long (s) to stay away. */
export type SlotAnswer = { isGiven: true } | { isGiven: false; retryAfter: number };

interface Waiting {
  id: string;
  answer(verdict: SlotAnswer): void;
}

/**
 * One slot and one budget for all that a company asks and no index answers. Who has the slot finishes what it began: what
 * that takes beyond what is left is owed, and paid before the next one begins.
 */
export class ShareOfDatabaseTime {
  readonly #clock: Clock;
  readonly #account: Account;
  readonly #waiting: Waiting[] = [];

  constructor(clock: Clock, account?: Account) {
    this.#clock = clock;
    this.#account = account ?? { left: BURST, at: clock(), reader: null };
  }

  /** What has to be kept. */
  get account(): Account {
    this.#bringUpToDate();
    return { ...this.#account };
  }

  /** Gives the slot to `id`: at once, or when those before it are done; not where the share is used up or many wait. */
  take(id: string): Promise<SlotAnswer> {
    this.#bringUpToDate();
    if (this.#account.left < LEAST) return Promise.resolve(this.#usedUp());
    if (this.#account.reader === null) return Promise.resolve(this.#give(id));
    if (this.#waiting.length >= MOST_WAITING) return Promise.resolve(TOO_MANY_WAIT);
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        resolve(TOO_MANY_WAIT);
      }, PATIENCE);
      const answer = (verdict: SlotAnswer) => {
        clearTimeout(late);
        resolve(verdict);
      };
      const waiting: Waiting = { id, answer };
      this.#waiting.push(waiting);
      this.#watch();
    });
  }

  /** Takes off what the reader used (ms); false when the slot is another's by now. It keeps the slot, or is done with it. */
  spend(id: string, used: number, isDone: boolean): boolean {
    this.#bringUpToDate();
    const isReader = this.#account.reader?.id === id;
    // Who comes too late has been charged for it.
    if (!isReader) return false;
    this.#account.left -= used;
    this.#account.reader = isDone ? null : { id, until: this.#clock() + LEASE };
    this.#next();
    return true;
  }

  /** Takes off what was used without the slot (ms). */
  charge(used: number): void {
    this.#bringUpToDate();
    this.#account.left -= used;
  }

  /** How long (s) to stay away for who needs no slot: 0 while something is left. */
  owes(): number {
    this.#bringUpToDate();
    const verdict = this.#account.left < LEAST ? this.#usedUp() : null;
    return verdict === null || verdict.isGiven ? 0 : verdict.retryAfter;
  }

  /** Whether nothing was used of late. */
  get isWhole(): boolean {
    this.#bringUpToDate();
    return this.#account.left === BURST;
  }

  #bringUpToDate(): void {
    const account = this.#account;
    const now = this.#clock();
    account.left = Math.min(BURST, account.left + Math.max(0, now - account.at) * SHARE);
    account.at = now;
    if (account.reader === null || account.reader.until > now) return;
    account.reader = null;
    account.left -= UNTOLD;
    this.#next();
  }

  #give(id: string): SlotAnswer {
    this.#account.reader = { id, until: this.#clock() + LEASE };
    return { isGiven: true };
  }

  #usedUp(): SlotAnswer {
    const retryAfter = Math.max(1, Math.ceil((LEAST - this.#account.left) / SHARE / 1_000));
    return { isGiven: false, retryAfter };
  }

  /** Lets those who wait go on, or away. */
  #next(): void {
    while (this.#account.reader === null) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next.answer(this.#account.left < LEAST ? this.#usedUp() : this.#give(next.id));
    }
  }

  /** Looks again when the reader would be gone: nobody else may come by then. */
  #watch(): void {
    const { reader } = this.#account;
    if (reader === null) return;
    setTimeout(
      () => {
        this.#bringUpToDate();
        if (this.#waiting.length > 0) this.#watch();
      },
      Math.max(1, reader.until - this.#clock()),
    );
  }
}
