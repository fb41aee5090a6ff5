import type { Change } from "../../src/changes/change.ts";
import type { CourierPorts, Report, Round } from "../../src/webhooks/courier-ports.ts";
import type { FailureCode } from "../../src/webhooks/delivery-failure.ts";
import { deliver, type NextStep } from "../../src/webhooks/run-delivery-round.ts";
import { mintWebhookSecret } from "../../src/webhooks/webhook-secret.ts";

/** The change of a place in a test's feed. */
export function changeAt(seq: number, type = "user.created"): Change {
  return { seq, mark: null, type, time: seq, subject: { kind: "user", id: `user-${seq}` }, data: {}, cause: {} };
}

/** What a receiver does with one attempt. */
type Answer = (id: string) => Response | Promise<Response>;

/** The place in the feed that a published id names. */
export function seqOf(id: string): number {
  return Number(id.split("-").at(-1));
}

/** A feed, one webhook and its receiver in memory, with a clock of their own: the delivery round and nothing else. */
export class MemoryEndpoint {
  feed: Change[];
  cursor = 0;
  failedAttempts = 0;
  firstFailedAt: number | null = null;
  nextAttemptAt: number | null = null;
  isFailing = false;
  failure: string | null = null;
  failureCode: FailureCode | null = null;
  revision = 1;
  oldestKept = 1;
  now = Date.now();
  secrets = [mintWebhookSecret()];
  roundSize = 5;
  /** The ids of the attempts, in the order in which they reached the receiver. */
  readonly attempts: { id: string; at: number; headers: Headers; body: string }[] = [];
  answer: Answer = () => new Response(null, { status: 204 });
  /** Called before a report is written; throwing stands for a crash between send and cursor write. */
  beforeRecord: (report: Report) => void | Promise<void> = () => undefined;

  constructor(count: number) {
    this.feed = Array.from({ length: count }, (_, index) => changeAt(index + 1));
  }

  get ports(): CourierPorts {
    return {
      load: async () => this.load(),
      record: async (round, report) => {
        await this.beforeRecord(report);
        return this.record(round, report);
      },
      fetch: async (_url, init) => this.receive(init),
      clock: () => this.now,
      random: () => 0.5,
      isOurs: () => true,
      isInterrupted: () => false,
    };
  }

  /** Runs rounds, moving the clock to each due time, until one is idle or stopped. */
  async run(): Promise<NextStep> {
    for (let round = 0; round < 10_000; round += 1) {
      const next = await deliver(this.ports);
      if (next.kind === "idle" || next.kind === "stopped" || next.kind === "gone") return next;
      if (next.kind === "due") this.now = Math.max(this.now, next.at);
    }
    throw new Error("rounds without end");
  }

  resume(): void {
    this.isFailing = false;
    this.failedAttempts = 0;
    this.firstFailedAt = null;
    this.nextAttemptAt = null;
    this.revision += 1;
  }

  /** Adds changes to the feed. */
  commit(count: number): void {
    const head = this.feed.length;
    this.feed.push(...Array.from({ length: count }, (_, index) => changeAt(head + index + 1)));
  }

  /** The ids received, each once, in the order of their first arrival. */
  get received(): number[] {
    return [...new Set(this.attempts.map(({ id }) => seqOf(id)))];
  }

  /** Takes a request as the receiver does. */
  receive(init: RequestInit): Response | Promise<Response> {
    const headers = new Headers(init.headers);
    const id = headers.get("webhook-id") ?? "";
    this.attempts.push({ id, at: this.now, headers, body: String(init.body) });
    return this.answer(id);
  }

  /** What D1 reads for a round; an instance that takes over makes a new revision. */
  load(supersedesOthers = false): Round {
    if (supersedesOthers) this.revision += 1;
    const { cursor, failedAttempts, firstFailedAt, nextAttemptAt, revision } = this;
    const isWaiting = nextAttemptAt !== null && nextAttemptAt > this.now;
    const changes = this.feed.filter(({ seq }) => seq > cursor).slice(0, this.roundSize);
    const head = this.feed.length;
    const readTo = changes.length === this.roundSize ? (changes.at(-1)?.seq ?? head) : head;
    return {
      webhook: {
        ...{ key: 1, id: "webhook", companyId: "company", url: "https://hooks.example.com/", allowsLoopback: false },
        ...{ isActive: !this.isFailing, cursor, failedAttempts, firstFailedAt, nextAttemptAt, revision },
      },
      secrets: this.secrets,
      resends: [],
      hasMoreResends: false,
      changes: this.isFailing || isWaiting ? [] : changes,
      readTo,
      isAtHead: readTo >= head,
      hasMissed: this.oldestKept > cursor + 1,
    };
  }

  /** What D1 writes of a report. */
  record(round: Round, { attempts, cursor, setback }: Report): boolean {
    if (cursor !== null && cursor > this.cursor) {
      this.cursor = cursor;
      this.failedAttempts = 0;
      this.firstFailedAt = null;
      this.nextAttemptAt = null;
    }
    const isCurrent = round.webhook.revision === this.revision;
    if (setback !== null && isCurrent && this.cursor < (attempts.at(-1)?.seq ?? Number.POSITIVE_INFINITY)) {
      this.failedAttempts = setback.failedAttempts;
      this.firstFailedAt ??= this.now;
      this.nextAttemptAt = setback.nextAttemptAt;
      this.isFailing = setback.isFailing;
      this.failure = setback.failure.detail;
      this.failureCode = setback.failure.code;
    }
    return isCurrent;
  }
}
