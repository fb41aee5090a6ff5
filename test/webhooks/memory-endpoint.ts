import type { Change } from "../../src/changes/change-store.ts";
import { deliver, type NextStep } from "../../src/webhooks/deliver.ts";
import type { CourierPorts, Report, Round } from "../../src/webhooks/delivery-round.ts";
import type { FailureCode } from "../../src/webhooks/failure.ts";
import { mintWebhookSecret } from "../../src/webhooks/webhook-secret.ts";

/** The change of a place in a test's feed. */
export function changeAt(seq: number, type = "user.created"): Change {
  return { seq, type, time: seq, subject: { kind: "user", id: `user-${seq}` }, data: {}, cause: {} };
}

/** What a receiver does with one attempt. */
export type Answer = (id: string) => Response | Promise<Response>;

/** A feed, one webhook and its receiver in memory, with a clock of their own: the delivery round and nothing else. */
export class MemoryEndpoint {
  feed: Change[];
  cursor = 0;
  failedAttempts = 0;
  nextAttemptAt: number | null = null;
  isFailing = false;
  failure: string | null = null;
  failureCode: FailureCode | null = null;
  revision = 1;
  oldestKept = 1;
  now = Date.now();
  secrets = [mintWebhookSecret()];
  roundSize = 5;
  timeout: number | undefined;
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
      load: async () => this.#load(),
      record: async (round, report) => {
        await this.beforeRecord(report);
        return this.#record(round, report);
      },
      fetch: async (_url, init) => {
        const headers = new Headers(init.headers);
        const id = headers.get("webhook-id") ?? "";
        this.attempts.push({ id, at: this.now, headers, body: String(init.body) });
        return this.answer(id);
      },
      clock: () => this.now,
      random: () => 0.5,
      timeout: this.timeout,
    };
  }

  /** Runs rounds, moving the clock to each due time, until one is idle or stopped. */
  async run(): Promise<NextStep> {
    for (let round = 0; round < 1000; round += 1) {
      const next = await deliver(this.ports);
      if (next.kind !== "due") return next;
      this.now = Math.max(this.now, next.at);
    }
    throw new Error("rounds without end");
  }

  resume(): void {
    this.isFailing = false;
    this.failedAttempts = 0;
    this.nextAttemptAt = null;
    this.revision += 1;
  }

  /** The ids received, each once, in the order of their first arrival. */
  get received(): number[] {
    return [...new Set(this.attempts.map(({ id }) => Number(id.split("-").at(-1))))];
  }

  #load(): Round {
    const changes = this.feed.filter(({ seq }) => seq > this.cursor).slice(0, this.roundSize);
    const head = this.feed.length;
    const readTo = changes.length === this.roundSize ? (changes.at(-1)?.seq ?? head) : head;
    const { cursor, failedAttempts, nextAttemptAt, revision } = this;
    return {
      webhook: {
        ...{ key: 1, id: "webhook", companyId: "company", url: "https://hooks.example.com/", allowsLoopback: false },
        ...{ isActive: !this.isFailing, cursor, failedAttempts, nextAttemptAt, revision },
      },
      secrets: this.secrets,
      resends: [],
      hasMoreResends: false,
      changes: this.isFailing ? [] : changes,
      readTo,
      isAtHead: readTo >= head,
      hasMissed: this.oldestKept > cursor + 1,
    };
  }

  #record(round: Round, { cursor, setback }: Report): boolean {
    if (cursor !== null && cursor > this.cursor) {
      this.cursor = cursor;
      this.failedAttempts = 0;
      this.nextAttemptAt = null;
    }
    if (setback !== null && round.webhook.revision === this.revision) {
      this.failedAttempts = setback.failedAttempts;
      this.nextAttemptAt = setback.nextAttemptAt;
      this.isFailing = setback.isFailing;
      this.failure = setback.failure.detail;
      this.failureCode = setback.failure.code;
    }
    return round.webhook.revision === this.revision;
  }
}
