import type { Clock, Pause } from "../platform/clock.ts";

/**
 * Clients are waited for where that takes no longer than this part of the commit that answered them: half of them are back in
 * a third of it then, and their answers come after 1.3 commits and not after 1.7. Where they take longer the wait gains less...
 */
const LONGEST_PART = 0.8;
/** ...and no longer than this (ms). */
const LONGEST = 100;
/** Those who take longer than half of them do by this factor are not waited for. */
const PATIENCE = 2.5;
/** How much the last commit's clients count beside those of earlier ones. */
const NEWS = 1 / 2;

/**
 * Has the next commit wait a moment for the clients whom the last one answered. Clients that send their next write when one
 * is answered would part in two otherwise, each of whom always just miss the commit of the others: their writes would take
 * twice the trips. Only clients that were found to come back quickly are waited for, others wait for nobody.
 *
 * 16 connections get so many times the requests that they get without it, with D1 5, 20 and 50 ms away: PATCH 1.3, 1.7 and 1.7,
 * creates 1.0, 1.4 and 1.7; their median is 1.2 and 1.3 times one connection's at 20 ms, and 2 times without. 64 get nothing by it at 5 ms, PATCH 1.4 and 1.5
 * at 20 and 50, creates nothing and 1.4 (`npm run bench -- --parts cohorts`).
 */
export class AnsweredClients {
  readonly #clock: Clock;
  readonly #pause: Pause;
  #answeredAt = 0;
  #answered = 0;
  #back = 0;
  /** When half of those answered were back. */
  #halfBackAt = 0;
  /** How long it takes until half of them are back (ms), of late; null before it is known. */
  #usual: number | null = null;
  /** How long the next commit may wait (ms) from when they were answered. */
  #patience = 0;
  #allBack: (() => void) | null = null;

  constructor(clock: Clock, pause: Pause) {
    this.#clock = clock;
    this.#pause = pause;
  }

  /** Takes notice that a commit that took so long (ms) answers so many clients now; none to have nobody waited for. */
  answer(clients: number, took: number): void {
    const now = this.#clock();
    const longest = Math.min(LONGEST, LONGEST_PART * took);
    if (this.#answered > 0) {
      const halfBackAt = this.#back < this.#half ? now : this.#halfBackAt;
      // Those who are gone for an hour are not longer gone than those who miss a commit.
      const halfBackAfter = Math.min(halfBackAt - this.#answeredAt, longest);
      this.#usual = this.#usual === null ? halfBackAfter : this.#usual + NEWS * (halfBackAfter - this.#usual);
    }
    const patience = PATIENCE * (this.#usual ?? longest) + 1;
    this.#patience = patience > longest ? 0 : patience;
    this.#answeredAt = now;
    this.#answered = clients;
    this.#back = 0;
  }

  get #half(): number {
    return Math.ceil(this.#answered / 2);
  }

  /** Takes notice of a client that hands something in. */
  receive(): void {
    this.#back += 1;
    if (this.#back === this.#half) this.#halfBackAt = this.#clock();
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
