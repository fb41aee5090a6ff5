import type { Clock } from "../platform/clock.ts";
import { describeError } from "../platform/transient-fault.ts";
import type { NextStep } from "./run-delivery-round.ts";

/** One run does this many rounds at most, and begins none after this time (ms): within what one invocation may ask. */
const MOST_ROUNDS = 8;
const RUN_TIME = 60_000;

/** When to look again after a round that broke off, as when D1 cannot be reached (ms); it doubles up to the second. */
const FIRST_BREAK = 500;
const LONGEST_BREAK = 30_000;

/** What a courier lives in: a key that is kept, an alarm that fires at least once, and rounds of deliveries. */
export interface CourierHome {
  /** The webhook kept here, if any. */
  recall(): Promise<number | undefined>;
  /** Keeps the webhook, unless null, and sets the alarm (ms since 1970): both or neither. */
  arm(webhookKey: number | null, at: number): Promise<void>;
  forget(): Promise<void>;
  deliver(webhookKey: number, round: CourierRound): Promise<NextStep>;
  clock: Clock;
}

/** What a round has to know of the courier that makes it. */
export interface CourierRound {
  /** Whether the round is to make a new revision of the webhook, which ends those of any other instance. */
  supersedesOthers: boolean;
  /** Whether a revision is the one that this instance made: nobody has changed the webhook or superseded this one since. */
  isOurs(revision: number): boolean;
  isInterrupted(): boolean;
}

/** What came in while a round was under way. */
type Asked = "nothing" | "notify" | "wake";

/** Delivers one webhook by its alarm. D1 keeps where it is; what this keeps between rounds only saves looking. */
export class Courier {
  readonly #home: CourierHome;
  #webhookKey: number | null = null;
  #isRunning = false;
  /** The webhook's revision that this instance made. */
  #revision: number | null = null;
  #brokenRounds = 0;
  #asked: Asked = "nothing";
  /** Until then a notification changes nothing: the back-off's alarm is set, or the webhook is stopped. */
  #quietUntil = 0;

  constructor(home: CourierHome) {
    this.#home = home;
  }

  /** Says that there may be new changes. */
  async notify(webhookKey: number): Promise<void> {
    if (this.#isRunning) {
      if (this.#asked === "nothing") this.#asked = "notify";
      return;
    }
    if (this.#home.clock() >= this.#quietUntil) await this.#arm(webhookKey);
  }

  /** Has it look at its webhook now, whatever it waits for. */
  async wake(webhookKey: number): Promise<void> {
    this.#quietUntil = 0;
    if (this.#isRunning) this.#asked = "wake";
    else await this.#arm(webhookKey);
  }

  /** What the alarm does: rounds for as long as there is something to send, then the alarm for the next run. */
  async run(): Promise<void> {
    const webhookKey = this.#webhookKey ?? (await this.#home.recall());
    if (webhookKey === undefined) return;
    this.#webhookKey = webhookKey;
    this.#isRunning = true;
    const next = await this.#runRounds(webhookKey);
    this.#isRunning = false;
    const dueAt = this.#dueAfter(next);
    if (next.kind === "gone") await this.#home.forget();
    else if (dueAt !== null) await this.#home.arm(null, dueAt);
  }

  async #runRounds(webhookKey: number): Promise<NextStep> {
    const end = this.#home.clock() + RUN_TIME;
    let next: NextStep = { kind: "more" };
    for (let round = 0; next.kind === "more" && round < MOST_ROUNDS && this.#home.clock() < end; round += 1) {
      this.#clearAsked();
      next = await this.#runRound(webhookKey);
      const asked = this.#clearAsked();
      // The round may have looked before it was asked, and nobody asks twice. One that was superseded goes on by its alarm
      // only, which an instance whose object lives elsewhere now cannot set.
      if (next.kind === "superseded") this.#revision = null;
      else if (asked === "wake" || (asked === "notify" && next.kind === "idle")) next = { kind: "more" };
    }
    return next;
  }

  #isOurs(revision: number): boolean {
    this.#revision ??= revision;
    return this.#revision === revision;
  }

  #clearAsked(): Asked {
    const asked = this.#asked;
    this.#asked = "nothing";
    return asked;
  }

  async #runRound(webhookKey: number): Promise<NextStep> {
    try {
      const next = await this.#home.deliver(webhookKey, {
        supersedesOthers: this.#revision === null,
        isOurs: (revision) => this.#isOurs(revision),
        isInterrupted: () => this.#asked === "wake",
      });
      this.#brokenRounds = 0;
      return next;
    } catch (error) {
      const about = { message: "delivery round broke off", webhookKey };
      console.error(JSON.stringify({ level: "error", room: "webhooks", ...about, error: describeError(error) }));
      const pause = Math.min(FIRST_BREAK * 2 ** this.#brokenRounds, LONGEST_BREAK);
      this.#brokenRounds += 1;
      return { kind: "due", at: this.#home.clock() + pause };
    }
  }

  #dueAfter(next: NextStep): number | null {
    this.#quietUntil = 0;
    switch (next.kind) {
      case "idle":
        return null;
      case "more":
      case "superseded":
        return this.#home.clock();
      case "due":
        this.#quietUntil = next.at;
        return next.at;
      case "stopped":
      case "gone":
        this.#quietUntil = Number.POSITIVE_INFINITY;
        return null;
    }
  }

  async #arm(webhookKey: number): Promise<void> {
    await this.#home.arm(this.#webhookKey === null ? webhookKey : null, this.#home.clock());
    this.#webhookKey = webhookKey;
  }
}
