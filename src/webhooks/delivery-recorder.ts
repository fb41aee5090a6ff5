import type { CourierPorts, Report, Round } from "./delivery-round.ts";

/**
 * Writes reports down while the next change is already on its way, and together what gathered meanwhile: a round costs
 * its receiver's time and not the database's. A crash costs at most the reports not yet written, so duplicates only.
 */
export class DeliveryRecorder {
  /** Whether an operator has changed the webhook since the round was loaded, or a report could not be written. */
  isSuperseded = false;
  readonly #round: Round;
  readonly #ports: Pick<CourierPorts, "record">;
  #waiting: Report[] = [];
  #writing: Promise<void> | null = null;
  #error: unknown = null;

  constructor(round: Round, ports: Pick<CourierPorts, "record">) {
    this.#round = round;
    this.#ports = ports;
  }

  /** Takes a report; it is written soon, but not after one that could not be written. */
  add(report: Report): void {
    if (this.#error !== null) return;
    this.#waiting.push(report);
    this.#writing ??= this.#write();
  }

  /** Waits until all is written; throws when a report could not be. */
  async close(): Promise<void> {
    await this.#writing;
    if (this.#error !== null) throw this.#error;
  }

  async #write(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const isCurrent = await this.#ports.record(this.#round, merge(this.#waiting.splice(0)));
        if (!isCurrent) this.isSuperseded = true;
      }
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
