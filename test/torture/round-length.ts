import { setTimeout as sleep } from "node:timers/promises";

/** How long a round is: for a time, or for so many steps of all connections together, which is as much on a slow machine. */
export type RoundLength = { milliseconds: number } | { steps: number };

/** The course of one round. */
export class RoundCourse {
  readonly #length: RoundLength;
  readonly #began = Date.now();
  #steps = 0;
  #marks: { at: number; reach(): void }[] = [];

  constructor(length: RoundLength) {
    this.#length = length;
  }

  /** Whether a connection may take another step; it is counted. */
  goesOn(): boolean {
    if ("milliseconds" in this.#length) return Date.now() - this.#began < this.#length.milliseconds;
    this.#steps += 1;
    for (const { reach } of this.#marks.filter(({ at }) => at <= this.#steps)) reach();
    return this.#steps <= this.#length.steps;
  }

  /** Comes when a part of the round (0 to 1) is over. */
  reach(part: number): Promise<void> {
    if ("milliseconds" in this.#length) return sleep(this.#length.milliseconds * part);
    const at = Math.floor(this.#length.steps * part);
    return new Promise((reach) => this.#marks.push({ at, reach }));
  }
}
