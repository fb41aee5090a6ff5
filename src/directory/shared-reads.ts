import { systemClock } from "../platform/clock.ts";
import { letIn } from "../platform/let-in.ts";
import { prepareAll, type Read, runBatch } from "../platform/read-batch.ts";

/** A trip takes reads of this many shares at most. */
export const MOST_SHARES = 32;
/** How long (ms) the reads that gather wait for the trip before theirs to come back. */
export const LINGER = 10;
/** After this (ms) nobody counts on the work of another request: it may have ended before its time. */
export const PATIENCE = 3_000;

/** Keeps the Worker at a work that other requests wait for, even when the client of this one goes away. */
type Keep = (work: Promise<unknown>) => void;

/** The rows of a read, by statement. */
type Rows = unknown[][];

interface Waiting {
  statements: D1PreparedStatement[];
  /** Gives the read its rows, or null when it has to go alone. */
  settle(rows: Rows | null): void;
}

interface Gathering {
  openedAt: number;
  shares: number;
  waiting: Waiting[];
  /** Ends the wait of the request that takes the others along. */
  depart(): void;
  /** With so many reads it need not wait any longer. */
  enough: number;
}

/**
 * Whether a request may settle a promise that another one waits for: since 2024-10-14, unless a flag says otherwise (the
 * tests that run inside the Workers runtime have it so). Where it may not, each read goes alone.
 */
const MAY_SHARE =
  typeof Cloudflare === "undefined" || Cloudflare.compatibilityFlags.handle_cross_request_promise_resolution === true;

const lines = new WeakMap<D1Database, Line>();

/**
 * Runs a read in one D1 batch, with those that other requests bring while the batch before it is under way: a database
 * answers one batch at a time, and a trip costs more than what a request reads in it. A read never joins a batch that was
 * sent already, so it sees all that was committed before it was asked. A read without a `share` goes alone.
 */
export async function runShared<T>(d1: D1Database, read: Read<T>, keep: Keep): Promise<T> {
  const statements = prepareAll(d1, read.statements);
  if (read.share === undefined || !MAY_SHARE) return read.decode(await runBatch(d1, statements));
  const line = lines.get(d1) ?? new Line(d1);
  lines.set(d1, line);
  return read.decode(await line.run(statements, read.share, keep));
}

/**
 * The reads of one isolate on one database. A request here settles promises that other requests made and wait for with a
 * timer of their own: the runtime drops what a request still had to do once its client is gone, and knows timers by the
 * request that set them, which alone can clear them.
 */
class Line {
  readonly #d1: D1Database;
  #gathering: Gathering | null = null;
  /** The latest batch, until its answer is there. */
  #underway: { since: number } | null = null;
  /** How many reads the latest answer went to: where it is more than one, they are likely to ask again at once. */
  #company = 1;

  constructor(d1: D1Database) {
    this.#d1 = d1;
  }

  run(statements: D1PreparedStatement[], share: number, keep: Keep): Promise<Rows> {
    const now = systemClock();
    const gathering = this.#gathering;
    if (gathering !== null && now - gathering.openedAt < PATIENCE) {
      if (gathering.shares + share <= MOST_SHARES) return this.#join(gathering, statements, share);
      gathering.depart();
    } else if (this.#company === 1 && (this.#underway === null || now - this.#underway.since >= PATIENCE))
      return this.#send([{ statements }]).then(([rows = []]) => rows);
    const led = this.#lead(statements, share, now);
    keep(led.catch(() => {}));
    return led;
  }

  async #join(gathering: Gathering, statements: D1PreparedStatement[], share: number): Promise<Rows> {
    gathering.shares += share;
    const rows = await within<Rows | null>(PATIENCE, null, (settle) => {
      gathering.waiting.push({ statements, settle });
      if (gathering.waiting.length + 1 >= gathering.enough) gathering.depart();
    });
    return rows ?? runBatch(this.#d1, statements);
  }

  /** Waits for the batch under way and for those whom it answers, and takes along what gathered meanwhile. */
  async #lead(statements: D1PreparedStatement[], share: number, openedAt: number): Promise<Rows> {
    const gathering: Gathering = {
      openedAt,
      shares: share,
      waiting: [],
      depart() {},
      enough: Number.POSITIVE_INFINITY,
    };
    this.#gathering = gathering;
    // Who leads is one of those whom the latest batch answered, unless that batch is still to come back.
    const isFirstBack = this.#underway === null;
    if (!isFirstBack) await untilDeparture(gathering, LINGER);
    await this.#letIn(gathering, isFirstBack ? 0 : gathering.waiting.length + 1);
    if (this.#gathering === gathering) this.#gathering = null;
    const { waiting } = gathering;
    try {
      const [own = [], ...others] = await this.#send([{ statements }, ...waiting]);
      for (const [index, one] of waiting.entries()) one.settle(others[index] ?? null);
      return own;
    } catch (error) {
      for (const one of waiting) one.settle(null);
      if (waiting.length === 0) throw error;
      // Any of the statements may be what D1 refused: each read goes on its own way.
      return runBatch(this.#d1, statements);
    }
  }

  /**
   * Lets those join whom the latest batch answered, besides the `others` who were here before: until they are all back, or
   * none comes in a turn of the event loop.
   */
  async #letIn(gathering: Gathering, others: number): Promise<void> {
    gathering.enough = others + this.#company;
    // A full one has been left for another, and nobody can join it.
    const count = () => (this.#gathering === gathering ? gathering.waiting.length + 1 : Number.POSITIVE_INFINITY);
    await letIn(count, gathering.enough, () => untilDeparture(gathering, 0));
  }

  /** Sends reads in one batch; gives the rows of each. */
  async #send(reads: Pick<Waiting, "statements">[]): Promise<Rows[]> {
    const trip = { since: systemClock() };
    this.#underway = trip;
    try {
      const results = await runBatch(
        this.#d1,
        reads.flatMap(({ statements }) => statements),
      );
      return reads.map(({ statements }) => results.splice(0, statements.length));
    } finally {
      this.#company = reads.length;
      if (this.#underway === trip) this.#underway = null;
      this.#gathering?.depart();
    }
  }
}

/** Waits until a gathering may depart, or for some time (ms). */
function untilDeparture(gathering: Gathering, time: number): Promise<void> {
  return within<void>(time, undefined, (settle) => {
    gathering.depart = settle;
  });
}

/** What `start` is given the means to settle, or `otherwise` after some time (ms). */
async function within<T>(time: number, otherwise: T, start: (settle: (value: T) => void) => void): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>();
  const timer = setTimeout(() => resolve(otherwise), time);
  start(resolve);
  const value = await promise;
  clearTimeout(timer);
  return value;
}
