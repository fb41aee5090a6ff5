import { expect } from "vitest";
import { Courier, type CourierHome } from "../../src/webhooks/courier.ts";
import type { CourierPorts } from "../../src/webhooks/courier-ports.ts";
import { deliver } from "../../src/webhooks/run-delivery-round.ts";
import { type MemoryEndpoint, seqOf } from "./memory-endpoint.ts";

/**
 * What happens at a step. `dies`: the instance never goes on. `is cut off`: it goes on, but its object lives elsewhere now and
 * its storage answers no more. `fails`: the call that the step belongs to throws, before or after it had its effect.
 */
export type Mishap = "dies" | "is cut off" | "fails";

/** One instance of the courier's object. */
interface Life {
  number: number;
  courier: Courier;
  isCurrent: boolean;
  isDead: boolean;
  /** Whether its alarm is running. */
  isRunning: boolean;
  underWay: number;
  hasLoaded: boolean;
  /** Requests that it began after another instance had loaded its first round. */
  lateRequests: number;
}

/** A call that waits to go on. */
interface Parked {
  life: Life;
  step: string;
  go(): void;
  fail(): void;
}

const FAULT = "D1_ERROR: Network connection lost.";
/** How soon the runtime runs an alarm again that did not end (ms). */
const ALARM_AGAIN = 2_000;
const SWEEP_INTERVAL = 60_000;

/**
 * The object of a courier as the runtime has it: a storage, an alarm that runs at least once, and one instance after the
 * other. Everything that an instance does outside itself is two steps, before and after it had its effect; steps go on
 * one at a time, the living instances in turns, so that a history repeats exactly.
 */
export class MortalCourier {
  readonly endpoint: MemoryEndpoint;
  /** What became of each step, in order. */
  readonly steps: string[] = [];
  /** What happens at which step, counted from 0. */
  mishaps: ReadonlyMap<number, Mishap> = new Map();
  /** How many changes are committed at which step, and whether the notification after the commit is lost. */
  commits: ReadonlyMap<number, { count: number; isNoticeLost: boolean }> = new Map();
  readonly lives: Life[] = [];
  /** How often nobody but the sweep had work left in mind. */
  sweeps = 0;
  #parked: Parked[] = [];
  #lastLife = 0;
  #kept: number | undefined;
  #alarmAt: number | null = null;

  constructor(endpoint: MemoryEndpoint) {
    this.endpoint = endpoint;
    this.#begin();
  }

  /** Commits changes, as the writer does, and notifies unless that is lost with the writer. */
  commit({ count, isNoticeLost }: { count: number; isNoticeLost: boolean }): void {
    this.endpoint.commit(count);
    if (!isNoticeLost) this.#current.courier.notify(1).catch(() => undefined);
  }

  /** Lets steps, alarms and the sweep happen until nothing is left to do. */
  async settle(): Promise<void> {
    for (;;) {
      // Nothing here takes time but turns of the event loop.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#parked.length > 0) this.#goOn();
      else if (this.#alarmAt !== null) this.#fire(this.#alarmAt);
      else if (this.#isForgotten()) this.#sweep();
      else return;
      if (this.steps.length > 5_000) throw new Error("steps without end");
    }
  }

  get #current(): Life {
    const life = this.lives.at(-1);
    if (life === undefined) throw new Error("there is always one");
    return life;
  }

  #begin(): void {
    const life: Life = {
      ...{ number: this.lives.length, isCurrent: true, isDead: false, isRunning: false },
      ...{ hasLoaded: false, underWay: 0, lateRequests: 0 },
      courier: new Courier(this.#homeOf(() => life)),
    };
    this.lives.push(life);
  }

  /** Another instance takes the place of the current one. */
  #replace(life: Life): void {
    if (!life.isCurrent) return;
    life.isCurrent = false;
    if (life.isRunning) this.#alarmAt ??= this.endpoint.now + ALARM_AGAIN;
    this.#begin();
  }

  #homeOf(life: () => Life): CourierHome {
    return {
      recall: () => this.#inStorage(life(), "recall", () => this.#kept),
      arm: (webhookKey, at) =>
        this.#inStorage(life(), "arm", () => {
          this.#kept = webhookKey ?? this.#kept;
          this.#alarmAt = at;
        }),
      forget: () =>
        this.#inStorage(life(), "forget", () => {
          this.#kept = undefined;
        }),
      deliver: (_webhookKey, round) => deliver({ ...this.#portsOf(life(), round.supersedesOthers), ...round }),
      clock: () => this.endpoint.now,
    };
  }

  #portsOf(life: Life, supersedesOthers: boolean): Omit<CourierPorts, "isOurs" | "isInterrupted"> {
    const { endpoint } = this;
    return {
      load: () =>
        this.#step(life, "load", () => {
          life.hasLoaded = true;
          return endpoint.load(supersedesOthers);
        }),
      record: (round, report) => this.#step(life, "record", () => endpoint.record(round, report)),
      fetch: (_url, init) => {
        this.#judgeRequest(life);
        const seq = seqOf(new Headers(init.headers).get("webhook-id") ?? "");
        return this.#step(life, `send ${seq}`, () => endpoint.receive(init)).finally(() => {
          life.underWay -= 1;
        });
      },
      clock: () => endpoint.now,
      random: () => 0.5,
    };
  }

  /** One request at a time, and beside it at most that of an instance whose place was taken meanwhile. */
  #judgeRequest(life: Life): void {
    const others = this.lives.filter((other) => other !== life && other.underWay > 0);
    expect(life.underWay, "requests under way of one instance").toBe(0);
    if (life.isCurrent) expect(others.filter((other) => other.isCurrent)).toEqual([]);
    else if (this.lives.some(({ number, hasLoaded }) => hasLoaded && number > life.number)) life.lateRequests += 1;
    life.underWay += 1;
  }

  async #inStorage<T>(life: Life, name: string, work: () => T): Promise<T> {
    return this.#step(life, name, () => (life.isCurrent ? work() : new Promise<T>(() => undefined)));
  }

  async #step<T>(life: Life, name: string, work: () => T | Promise<T>): Promise<T> {
    await this.#park(life, `before ${name}`);
    const result = await work();
    await this.#park(life, `after ${name}`);
    return result;
  }

  #park(life: Life, step: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#parked.push({ life, step, go: resolve, fail: () => reject(new Error(FAULT)) });
    return promise;
  }

  /** Lets the next call go on: the living instances take turns. */
  #goOn(): void {
    const others = this.#parked.findIndex(({ life }) => life.number !== this.#lastLife);
    const [parked] = this.#parked.splice(Math.max(0, others), 1);
    if (parked === undefined) return;
    const { life, step } = parked;
    this.#lastLife = life.number;
    const place = this.steps.length;
    const mishap = this.mishaps.get(place);
    this.steps.push(`${life.number} ${step}${mishap === undefined ? "" : `: ${mishap}`}`);
    if (mishap === "dies") {
      life.isDead = true;
      this.#parked = this.#parked.filter((other) => other.life !== life);
    }
    if (mishap === "dies" || mishap === "is cut off") this.#replace(life);
    // The two that are alive are compared step by step: the new one is not given time to come too late.
    if (mishap === "is cut off" && this.#alarmAt !== null) this.#fire(this.endpoint.now);
    if (mishap === "fails") parked.fail();
    else if (!life.isDead) parked.go();
    const commit = this.commits.get(place);
    if (commit !== undefined) this.commit(commit);
  }

  #fire(at: number): void {
    this.endpoint.now = Math.max(this.endpoint.now, at);
    this.#alarmAt = null;
    const life = this.#current;
    life.isRunning = true;
    const end = (hasFailed: boolean) => {
      life.isRunning = false;
      if (hasFailed && life.isCurrent) this.#alarmAt ??= this.endpoint.now + ALARM_AGAIN;
    };
    life.courier.run().then(
      () => end(false),
      () => end(true),
    );
  }

  /** Whether there is work that nobody has a plan for: what the sweep looks for. */
  #isForgotten(): boolean {
    const { cursor, feed, isFailing } = this.endpoint;
    return !isFailing && cursor < feed.length;
  }

  #sweep(): void {
    this.sweeps += 1;
    this.endpoint.now = Math.floor(this.endpoint.now / SWEEP_INTERVAL + 1) * SWEEP_INTERVAL;
    this.#current.courier.wake(1).catch(() => undefined);
  }
}
