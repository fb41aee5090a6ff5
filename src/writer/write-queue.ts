import { ShareOfDatabaseTime } from "../companies/share-of-database-time.ts";
import { type Clock, pause } from "../platform/clock.ts";
import { describeError } from "../platform/transient-fault.ts";
import { refusal } from "../scim/scim-error.ts";
import { LISTS_AT_ONCE } from "../unit/compare-members.ts";
import type { Committer, Results } from "./committer.ts";
import type { WriteResult } from "./operation.ts";
import { recordOf, weigh } from "./operation-table.ts";
import type { QueuedRequest } from "./run-requests.ts";
import { AnsweredClients } from "./wait-for-answered-clients.ts";

/** At most this many operations share a commit. */
const COMMIT_SIZE = 1_000;
/** Of those that are charged for refusals this many, while some of them were refused of late. */
const CHARGED_SIZE = 100;
/** Members of groups that the operations of a commit name together, at most. */
const MEMBERS_AT_ONCE = 4_000;
/** Users' documents that the operations of a commit read together, at most: each may be 64 KB, and is kept twice. */
const DOCUMENTS_AT_ONCE = 150;
/** Callers that wait; past that the answer is 429. */
const CAPACITY = 2_000;
/** An operation that has waited longer than this (ms) is refused rather than run after its client gave up. */
const MAX_AGE = 30_000;
/** Rows of the provisioning log that no commit took along are flushed after this time (ms). */
const LOG_DELAY = 1_500;

/** Who handed in one or several requests at once. */
interface Caller {
  /** When it came, or was last answered. */
  since: number;
}

interface Waiting {
  request: QueuedRequest;
  caller: Caller;
  answer(result: WriteResult): void;
}

/**
 * Puts a company's operations into one order. A loop takes all that wait, in order, commits them together, and takes the
 * next; a Durable Object alone would let other calls in whenever one awaits D1.
 */
export class WriteQueue {
  readonly #committer: Committer;
  readonly #clock: Clock;
  /** What operations may take that are charged for refusals: the doors ask before each request, and this is for those here. */
  readonly #refusalShare: ShareOfDatabaseTime;
  readonly #returning: AnsweredClients;
  #waiting: Waiting[] = [];
  #logs: Waiting[] = [];
  #isDraining = false;
  #committing: Promise<void> = Promise.resolve();
  #flush: ReturnType<typeof setTimeout> | null = null;
  /** Whether rows of the log have waited for long enough to have others wait for them. */
  #areLogsDue = false;

  constructor(committer: Committer, clock: Clock, wait = pause) {
    this.#committer = committer;
    this.#clock = clock;
    this.#refusalShare = new ShareOfDatabaseTime(clock);
    this.#returning = new AnsweredClients(clock, wait);
  }

  /** Runs a request in its turn; answers after its commit, or with a refusal. */
  async write(request: QueuedRequest): Promise<WriteResult> {
    const [result] = await Promise.all(this.writeAll([request]));
    return result ?? unavailable();
  }

  /** Runs requests of one caller in their turn and order, others' in between; answers each as `write` does. */
  writeAll(requests: readonly QueuedRequest[]): Promise<WriteResult>[] {
    if (this.#isFull()) return requests.map(() => Promise.resolve(tooMany()));
    const caller = { since: this.#clock() };
    if (requests.some(mayShareCommit)) this.#returning.receive();
    return requests.map((request) => new Promise((answer) => this.#add({ request, caller, answer })));
  }

  /** Once no commit is under way. */
  pause(): Promise<void> {
    return this.#committing;
  }

  #isFull(): boolean {
    return this.#waiting.length >= CAPACITY && new Set(this.#waiting.map(({ caller }) => caller)).size >= CAPACITY;
  }

  #add(waiting: Waiting): void {
    if (waiting.request.operation.kind === "log") {
      this.#logs.push(waiting);
      this.#scheduleFlush();
      return;
    }
    this.#waiting.push(waiting);
    this.#drain();
  }

  /** Rows of the log are due some time after the first of them came that no commit took along. */
  #scheduleFlush(): void {
    if (this.#logs.length === 0) {
      if (this.#flush !== null) clearTimeout(this.#flush);
      this.#flush = null;
    } else
      this.#flush ??= setTimeout(() => {
        this.#flush = null;
        this.#areLogsDue = true;
        this.#drain();
      }, LOG_DELAY);
  }

  #drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.#loop().finally(() => {
      this.#isDraining = false;
      if (this.#hasWork) this.#drain();
    });
  }

  get #hasWork(): boolean {
    return this.#waiting.length > 0 || (this.#areLogsDue && this.#logs.length > 0);
  }

  async #loop(): Promise<void> {
    while (this.#hasWork) {
      // Calls that arrive in the same turn of the event loop shall share the commit.
      await Promise.resolve();
      if (this.#waiting[0] !== undefined && mayShareCommit(this.#waiting[0].request)) await this.#returning.gather();
      const logs = this.#logs.splice(0);
      const areLogsDue = this.#areLogsDue;
      this.#areLogsDue = false;
      const taken = [...this.#nextForCommit(), ...logs];
      if (taken.length === 0) continue;
      this.#committing = this.#commit(taken, areLogsDue);
      await this.#committing;
      this.#scheduleFlush();
    }
  }

  async #commit(taken: readonly Waiting[], areLogsDue: boolean): Promise<void> {
    const began = this.#clock();
    const hasRoom = this.#waiting.length === 0;
    let results: Results;
    try {
      results = await this.#committer.run(
        taken.map(({ request }) => request),
        areLogsDue,
      );
    } catch (error) {
      console.error(
        JSON.stringify({ level: "error", room: "writer", message: "commit failed", error: describeError(error) }),
      );
      this.#committer.forget();
      results = [];
    }
    const isPutOff = (_: Waiting, index: number) => results[index] === null;
    const putOff = taken.filter(isPutOff).filter((waiting) => !isLog(waiting));
    this.#waiting.unshift(...putOff);
    this.#logs.unshift(...taken.filter(isPutOff).filter(isLog));
    const clients = new Set(taken.filter(({ request }) => mayShareCommit(request)).map(({ caller }) => caller));
    // Where commits are full already there is no room for more.
    this.#returning.answer(hasRoom && putOff.length === 0 ? clients.size : 0, this.#clock() - began);
    for (const [index, waiting] of taken.entries()) {
      const result = results[index];
      this.#refusalShare.charge(refusedTimeOf(waiting, result));
      if (result !== null) this.#answer(waiting, result ?? unavailable());
    }
  }

  #answer({ caller, answer }: Waiting, result: WriteResult): void {
    caller.since = this.#clock();
    answer(result);
  }

  /** The operations from the head of the queue that may share a commit; refuses those that waited too long. */
  #nextForCommit(): Waiting[] {
    const now = this.#clock();
    const taken: Waiting[] = [];
    const size = this.#refusalShare.isWhole ? COMMIT_SIZE : CHARGED_SIZE;
    let lists = 0;
    let members = 0;
    let documents = 0;
    let charged = 0;
    while (taken.length < COMMIT_SIZE && charged < size) {
      const [next] = this.#waiting;
      if (next === undefined) break;
      const refused = this.#turnAway(next, now);
      if (refused !== null) {
        this.#waiting.shift();
        next.answer(refused);
        continue;
      }
      const weight = weigh(next.request.operation);
      if (weight !== "alone") {
        lists += weight.lists;
        members += weight.members;
        documents += weight.documents;
      }
      const isFull = lists > LISTS_AT_ONCE || members > MEMBERS_AT_ONCE || documents > DOCUMENTS_AT_ONCE;
      if (taken.length > 0 && (weight === "alone" || isFull)) break;
      this.#waiting.shift();
      taken.push(next);
      if (chargeOf(next) !== null) charged += 1;
      if (weight === "alone") break;
    }
    return taken;
  }

  /** The answer to one that is not tried: those of its kind have used up their share, or it waited too long; else null. */
  #turnAway(waiting: Waiting, now: number): WriteResult | null {
    const charge = chargeOf(waiting);
    const retryAfter = charge === null ? 0 : this.#refusalShare.owes();
    if (charge !== null && retryAfter > 0) return { ok: false, ...charge.usedUp(retryAfter) };
    return now - waiting.caller.since > MAX_AGE ? tooMany() : null;
  }
}

function isLog({ request }: Waiting): boolean {
  return request.operation.kind === "log";
}

/** Whether clients' requests come to share commits with it; the log's rows go along with any. */
function mayShareCommit({ operation }: QueuedRequest): boolean {
  return operation.kind !== "log" && weigh(operation) !== "alone";
}

function tooMany(): WriteResult {
  const detail = "Too many changes are waiting for this company. Nothing was changed; send the request again later.";
  return { ok: false, ...refusal("queue_full", detail, 5) };
}

function chargeOf({ request }: Waiting) {
  return recordOf(request.operation).refusalCharge;
}

function refusedTimeOf(waiting: Waiting, result: WriteResult | null | undefined): number {
  return result?.ok ? (chargeOf(waiting)?.timeOf(result.outcome) ?? 0) : 0;
}

function unavailable(): WriteResult {
  return {
    ok: false,
    ...refusal("busy", "The directory could not be reached. Send the request again.", 5),
  };
}
