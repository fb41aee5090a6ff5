import { type Clock, type Pause, pause, systemClock } from "../platform/clock.ts";

/** So many bytes (a second) of a company's Bulk requests an isolate takes in: a writer commits no more of them. */
const PACE = 2_000_000;
/** The longest that one waits (ms): whoever announces much and sends nothing holds up nobody for longer. */
const LONGEST = 2_000;
const MOST_REMEMBERED = 1_000;

/**
 * Keeps apart the Bulk requests of each company that come at once to an isolate: to read one takes processor time by its
 * bytes, in which nobody else's request is read, and whether the company may go on is known only once the one before it was run.
 * Others' reads beside many Bulk requests that are refused are 4.5 statements late so, and 18.9 without (`npm run bench --
 * --parts fairness`).
 */
export class BulkPace {
  readonly #clock: Clock;
  readonly #pause: Pause;
  /** When the next one of each company is read (ms). */
  readonly #next = new Map<string, number>();

  constructor(clock: Clock = systemClock, wait: Pause = pause) {
    this.#clock = clock;
    this.#pause = wait;
  }

  /** Waits for the turn of a request of so many bytes, for two seconds at most: past that several go on together. */
  async waitFor(companyId: string, bytes: number): Promise<void> {
    const now = this.#clock();
    if (!this.#next.has(companyId) && this.#next.size >= MOST_REMEMBERED) this.#next.clear();
    const at = Math.max(now, this.#next.get(companyId) ?? now);
    this.#next.set(companyId, Math.min(at + (bytes / PACE) * 1_000, now + LONGEST));
    if (at > now) await this.#pause(at - now);
  }
}
