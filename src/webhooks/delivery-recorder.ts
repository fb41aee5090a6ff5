import type { CourierPorts, Report, Round } from "./courier-ports.ts";

/** Reports gather for this long (ms) before they are written. */
const GATHERING_TIME = 250;

/**
 * Writes reports down while the next change is already on its way: the first at once, then together what gathered, so
 * that a round costs its receiver's time and not the database's, and a fast receiver few rows. A crash costs at most the
 * reports not yet written, so duplicates only.
 */
export class DeliveryRecorder {
  /** Whether the webhook has a new revision since the round was loaded, or a report could not be written. */
  isSuperseded = false;
  readonly #round: Round;
  readonly #ports: Pick<CourierPorts, "record" | "clock">;
  #waiting: Report[] = [];
  #writing: Promise<void> | null = null;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #error: unknown = null;

  constructor(round: Round, ports: Pick<CourierPorts, "record" | "clock">) {
    this.#round = round;
    this.#ports = ports;
  }

  /** Takes a report; it is written soon, but not after one that could not be written. */
  add(report: Report): void {
    this.#waiting.push(report);
    if (this.#ports.clock() - this.#writtenAt >= GATHERING_TIME) this.#writing ??= this.#write();
  }

  /** Waits until all is written; throws when a report could not be. */
  async close(): Promise<void> {
    await this.#writing;
    if (this.#waiting.length > 0) await this.#write();
    if (this.#error !== null) throw this.#error;
  }

  async #write(): Promise<void> {
    if (this.#error !== null) return;
    this.#writtenAt = this.#ports.clock();
    try {
      const isCurrent = await this.#ports.record(this.#round, merge(this.#waiting.splice(0)));
      if (!isCurrent) this.isSuperseded = true;
    } catch (error) {
      this.#error = error;
      this.isSuperseded = true;
    } finally {
      this.#writing = null;
    }
  }
}

function merge(reports: readonly Report[]): Report {
  return {
    attempts: reports.flatMap(({ attempts }) => attempts),
    cursor: reports.findLast(({ cursor }) => cursor !== null)?.cursor ?? null,
    setback: reports.at(-1)?.setback ?? null,
  };
}
