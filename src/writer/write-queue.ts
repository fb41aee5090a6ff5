import type { Clock } from "../platform/clock.ts";
import { letIn } from "../platform/let-in.ts";
import { aboutItem, readItems } from "./bulk.ts";
import type { Committer } from "./commit-group.ts";
import type { PendingReplan } from "./company-config.ts";
import { hasWholeList, LISTS_AT_ONCE, membersNamed, SLICE } from "./member-lists.ts";
import type { ReplanOperation, ReplanStep, WriteRequest, WriteResult } from "./operation.ts";
import { readReplanStep } from "./replan.ts";
import { report } from "./run-request.ts";

/** At most this many operations share a commit. */
const GROUP_SIZE = 128;
/** Operations that wait; past that the answer is 429. */
const CAPACITY = 2_000;
/** An operation that has waited longer than this (ms) is refused rather than run after its client gave up. */
const MAX_AGE = 30_000;
/** Rows of the provisioning log that no commit took along are flushed after this time (ms). */
const LOG_DELAY = 1_500;
/** A member list of this length gets a commit of its own. */
const LONG_LIST = 500;

/** How long a commit waits for the next of those who are at the door (ms). */
const TURN = 1;

interface Waiting {
  request: WriteRequest;
  since: number;
  settle(result: WriteResult): void;
}

/**
 * Puts a company's operations into one order. A loop takes all that wait, in order, commits them together, and takes the
 * next; a Durable Object alone would let other calls in whenever one awaits D1.
 */
export class WriteQueue {
  readonly #committer: Committer;
  readonly #clock: Clock;
  #waiting: Waiting[] = [];
  #logs: Waiting[] = [];
  #isDraining = false;
  #committing: Promise<void> = Promise.resolve();
  /** How many writes the latest commit answered. */
  #answered = 0;
  /** With so many waiting, the next commit need not wait any longer. */
  #enough = Number.POSITIVE_INFINITY;
  #depart: () => void = () => {};
  #replanning: Promise<boolean> | null = null;
  #flush: ReturnType<typeof setTimeout> | null = null;

  constructor(committer: Committer, clock: Clock) {
    this.#committer = committer;
    this.#clock = clock;
  }

  /** Runs a request in its turn; answers after its commit, or with a refusal. */
  write(request: WriteRequest): Promise<WriteResult> {
    if (this.#waiting.length >= CAPACITY) return Promise.resolve(tooMany());
    return new Promise((settle) => {
      const waiting = { request, since: this.#clock(), settle };
      if (request.operation.kind === "log") {
        this.#logs.push(waiting);
        this.#flush ??= setTimeout(() => this.#drain(), LOG_DELAY);
        return;
      }
      this.#waiting.push(waiting);
      if (this.#waiting.length >= this.#enough) this.#depart();
      this.#drain();
    });
  }

  #drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.#loop().finally(() => {
      this.#isDraining = false;
      if (this.#waiting.length > 0) this.#drain();
    });
  }

  async #loop(): Promise<void> {
    // Calls that arrive in the same turn of the event loop shall share the commit.
    await Promise.resolve();
    while (this.#waiting.length > 0 || this.#logs.length > 0) {
      if (this.#flush !== null) clearTimeout(this.#flush);
      this.#flush = null;
      const logs = this.#logs.splice(0);
      const group = this.#take();
      if (group.length + logs.length === 0) continue;
      this.#committing = this.#commit([...group, ...logs]);
      await this.#committing;
      await this.#letIn();
    }
  }

  /**
   * Lets in whom the last commit answered, who are likely to write again at once: until they are all back, or none comes
   * in a turn. On one thread with D1, as on a laptop, nothing new is read while a commit keeps the event loop busy. One who
   * writes alone, one request after the other, finds nobody waiting and waits for nothing.
   */
  async #letIn(): Promise<void> {
    if (this.#waiting.length === 0 && this.#answered < 2) return;
    this.#enough = Math.min(this.#waiting.length + this.#answered, GROUP_SIZE);
    const turn = () =>
      new Promise<void>((resolve) => {
        this.#depart = resolve;
        setTimeout(resolve, TURN);
      });
    await letIn(() => this.#waiting.length, this.#enough, turn);
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    let results: WriteResult[];
    try {
      results = await this.#committer.run(group.map(({ request }) => request));
    } catch (error) {
      console.error(JSON.stringify({ message: "commit group failed", error: String(error) }));
      this.#committer.forget();
      results = [];
    }
    this.#answered = 0;
    for (const [index, waiting] of group.entries()) {
      const result = results[index] ?? unavailable();
      const rest = restOf(waiting.request, result);
      if (waiting.request.operation.kind !== "log" && rest === null) this.#answered += 1;
      if (rest === null) waiting.settle(result.ok ? result : brokenOff(waiting.request, result));
      else this.#waiting.unshift({ ...waiting, request: rest, since: this.#clock() });
    }
  }

  /** The operations from the head of the queue that may share a commit; refuses those that waited too long. */
  #take(): Waiting[] {
    const now = this.#clock();
    const group: Waiting[] = [];
    let lists = 0;
    let members = 0;
    while (group.length < GROUP_SIZE) {
      const next = this.#waiting[0];
      if (next === undefined) break;
      if (now - next.since > MAX_AGE) {
        this.#waiting.shift();
        next.settle(tooMany());
        continue;
      }
      const named = membersNamed(next.request.operation);
      const isAlone = named === null || named >= LONG_LIST;
      lists += hasWholeList(next.request.operation) ? 1 : 0;
      members += named ?? 0;
      if (group.length > 0 && (isAlone || lists > LISTS_AT_ONCE || members > SLICE)) break;
      this.#waiting.shift();
      group.push(next);
      if (isAlone) break;
    }
    return group;
  }

  /**
   * Does what earlier commits left over, one step a commit, letting waiting requests in between; false when none is left.
   * Callers at the same time share a step.
   */
  replan(): Promise<boolean> {
    this.#replanning ??= this.#replanOnce().finally(() => {
      this.#replanning = null;
    });
    return this.#replanning;
  }

  async #replanOnce(): Promise<boolean> {
    // The commit under way may be the one that leaves work.
    await this.#committing;
    const config = await this.#committer.configuration();
    const [next] = config?.replans ?? [];
    if (config === null || next === undefined) return false;
    await this.#doStep(next, await readReplanStep(this.#committer.d1, next));
    return true;
  }

  /**
   * Does a step; one that is refused is halved, down to the user or group that it is refused for. That one is reported and
   * stays as it is: it must not keep the others, and all work after this one, waiting for ever.
   */
  async #doStep(replan: PendingReplan, { refs, ...step }: ReplanStep): Promise<void> {
    const operation: ReplanOperation = { kind: "replan", replanKey: replan.key, step: { refs, ...step } };
    const request = { operation, cause: JSON.parse(replan.cause) };
    const result = await this.write(request);
    if (result.ok) return;
    const isPassing = result.status === 429 || result.status >= 500;
    if (isPassing || refs.length === 0) throw new Error(`replan refused: ${result.detail}`);
    const middle = refs.length >> 1;
    if (middle === 0) report(request, new Error(`${replan.kind} leaves out ${refs[0]}: ${result.detail}`));
    // Only the last part moves the place: one cut off here begins the whole step again, and does nothing twice.
    else await this.#doStep(replan, { refs: refs.slice(0, middle), nextAfter: replan.afterUserKey });
    await this.#doStep(replan, { ...step, refs: middle === 0 ? [] : refs.slice(middle) });
  }
}

/** What of a Bulk request is left for the next commit; null for a request that is done. */
function restOf(request: WriteRequest, result: WriteResult): WriteRequest | null {
  const { operation } = request;
  if (operation.kind !== "bulk" || !result.ok || result.outcome.kind !== "bulk") return null;
  const { progress } = result.outcome;
  return progress === undefined ? null : { ...request, operation: { ...operation, progress } };
}

/** A Bulk request whose later commit was refused: what the earlier ones did is done, and the refusal is of the items left. */
function brokenOff({ operation }: WriteRequest, { ok: _, ...refusal }: WriteResult & { ok: false }): WriteResult {
  if (operation.kind !== "bulk" || operation.progress === undefined) return { ok: false, ...refusal };
  const done = new Map(operation.progress.outcomes);
  const items = readItems(operation).map(
    (item, place) => done.get(place) ?? { ...aboutItem(item), status: refusal.status, refusal },
  );
  return { ok: true, outcome: { kind: "bulk", items } };
}

function tooMany(): WriteResult {
  return {
    ok: false,
    status: 429,
    detail: "Too many changes are waiting for this company. Nothing was changed; send the request again later.",
    retryAfter: 5,
  };
}

function unavailable(): WriteResult {
  return {
    ok: false,
    status: 503,
    detail: "The directory could not be reached. Send the request again.",
    retryAfter: 5,
  };
}
