import type { Clock, Pause } from "../platform/clock.ts";

/** The next commit waits for clients for no longer than this part of the one that answered them took... */
const LONGEST_PART = 0.75;
/** ...and never for longer than this (ms). */
const LONGEST = 100;
/** Those who are slower than half of them by this factor are not waited for. */
const PATIENCE = 3;

/**
 * Says how long the next commit waits for the clients whom the last one answered. Clients that send their next write when
 * one is answered would part in two halves otherwise, each of which always just misses the other's commit: their writes
 * would take four trips instead of two. Only clients that were found to come back quickly are waited for.
 *
 * Kept since it gains 1.3 times and more with D1 far away (`npm run bench -- --parts distance`; see benchmarks.md).
 */
export class ReturningClients {
  readonly #clock: Clock;
  readonly #pause: Pause;
  #answeredAt = 0;
  #answered = 0;
  #back = 0;
  /** How long it took until half of those answered were back (ms), when it was last known. */
  #halfBackAfter = Number.POSITIVE_INFINITY;
  /** How long the next commit may wait for them (ms), from when they were answered. */
  #patience = 0;
  #allBack: (() => void) | null = null;

  constructor(clock: Clock, pause: Pause) {
    this.#clock = clock;
    this.#pause = pause;
  }

  /** Takes notice that a commit that took so long (ms) answers so many clients now; none to have nobody waited for. */
  answer(clients: number, took: number): void {
    if (this.#back < this.#half) this.#halfBackAfter = Number.POSITIVE_INFINITY;
    const patience = PATIENCE * this.#halfBackAfter + 1;
    this.#patience = patience > Math.min(LONGEST, LONGEST_PART * took) ? 0 : patience;
    this.#answeredAt = this.#clock();
    this.#answered = clients;
    this.#back = 0;
  }

  get #half(): number {
    return Math.ceil(this.#answered / 2);
  }

  /** Takes notice of a client that hands something in. */
  receive(): void {
    this.#back += 1;
    if (this.#back === this.#half) this.#halfBackAfter = this.#clock() - this.#answeredAt;
    if (this.#back >= this.#answered) this.#allBack?.();
  }

  /** Once as many clients are back as were answered, or the others are not to be waited for any more. */
  async gather(): Promise<void> {
    const left = this.#answeredAt + this.#patience - this.#clock();
    if (left <= 0 || this.#back >= this.#answered) return;
    const allBack = new Promise<void>((resolve) => {
      this.#allBack = resolve;
    });
    await Promise.race([allBack, this.#pause(left)]);
    this.#allBack = null;
  }
}
