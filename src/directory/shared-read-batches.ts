import { systemClock } from "../platform/clock.ts";
import { type Read, rowsOfEach, sendPrepared } from "../platform/read-batch.ts";
import { prepare, type Sql } from "../platform/sql.ts";

/** A trip takes reads of this weight together at most. */
export const MOST_WEIGHT = 32;
/** How long (ms) the reads that gather wait for the trip before theirs to come back. */
export const LINGER = 10;
/** After this (ms) nobody counts on the work of another request: it may have ended before its time. */
export const PATIENCE = 3_000;

/** Keeps the Worker at a work that other requests wait for, even when the client of this one goes away. */
type Keep = (work: Promise<unknown>) => void;

/** The rows of a read, by statement. */
type Rows = unknown[][];

/** A statement of a read, as it was written and ready for D1. */
interface Statement {
  written: Sql;
  ready: D1PreparedStatement;
}

interface Waiting {
  statements: Statement[];
  /** Gives the read its rows, or null when it has to go alone. */
  give(rows: Rows | null): void;
}

interface Gathering {
  openedAt: number;
  weight: number;
  waiting: Waiting[];
  /** Ends the wait of the request that takes the others along. */
  depart(): void;
}

/**
 * Whether a request may give a promise that another one waits for: since 2024-10-14, unless a flag says otherwise (the
 * tests that run inside the Workers runtime have it so). Where it may not, each read goes alone.
 */
const MAY_SHARE =
  typeof Cloudflare === "undefined" || Cloudflare.compatibilityFlags.handle_cross_request_promise_resolution === true;

/** By database and company: no company waits for what another one asks. */
const lines = new WeakMap<D1Database, Map<number, Line>>();

/**
 * Runs a read in one D1 batch, with those that other requests of the company bring while its batch before is under way: a
 * database answers one batch at a time, and a trip costs more than what a request reads in it. With D1 5 ms away 16
 * connections get 1.6 to 4 times as many answers so, 64 get 4 to 7 times; 20 ms away 1.5 and 4 times (`npm run bench --
 * --parts distance` prints what is with sharing). A read never joins a batch that was sent already, so it sees all that was
 * committed before it was asked. A statement that several reads have in common goes once, as the look at a token does. A read
 * without a `weight` goes alone.
 */
export async function runShared<T>(d1: D1Database, companyKey: number, read: Read<T>, keep: Keep): Promise<T> {
  const statements = read.statements.map((written) => ({ written, ready: prepare(d1, written) }));
  if (read.weight === undefined || !MAY_SHARE) return read.decode(await runAlone(d1, statements));
  const ofCompanies = lines.get(d1) ?? new Map<number, Line>();
  lines.set(d1, ofCompanies);
  const line = ofCompanies.get(companyKey) ?? new Line(d1);
  ofCompanies.set(companyKey, line);
  try {
    return read.decode(await line.run(statements, read.weight, keep));
  } finally {
    if (line.isIdle && ofCompanies.get(companyKey) === line) ofCompanies.delete(companyKey);
  }
}

/**
 * The reads of one company in one isolate. A request here settles promises that other requests made and wait for with a
 * timer of their own: the runtime drops what a request still had to do once its client is gone, and knows timers by the
 * request that set them, which alone can clear them.
 */
class Line {
  readonly #d1: D1Database;
  #gathering: Gathering | null = null;
  /** The latest batch, until its answer is there. */
  #underway: { since: number } | null = null;

  constructor(d1: D1Database) {
    this.#d1 = d1;
  }

  /** Whether nobody waits here, and nothing is under way. */
  get isIdle(): boolean {
    return this.#gathering === null && this.#underway === null;
  }

  run(statements: Statement[], weight: number, keep: Keep): Promise<Rows> {
    const now = systemClock();
    const gathering = this.#gathering;
    if (gathering !== null && now - gathering.openedAt < PATIENCE) {
      if (gathering.weight + weight <= MOST_WEIGHT) return this.#join(gathering, statements, weight);
      gathering.depart();
    } else if (this.#underway === null || now - this.#underway.since >= PATIENCE)
      return this.#send([{ statements }]).then(([rows = []]) => rows);
    const led = this.#lead(statements, weight, now);
    keep(led.catch(() => {}));
    return led;
  }

  async #join(gathering: Gathering, statements: Statement[], weight: number): Promise<Rows> {
    gathering.weight += weight;
    const rows = await within<Rows | null>(PATIENCE, null, (give) => {
      gathering.waiting.push({ statements, give });
    });
    return rows ?? runAlone(this.#d1, statements);
  }

  /** Waits for the batch under way, and takes along what gathered meanwhile. */
  async #lead(statements: Statement[], weight: number, openedAt: number): Promise<Rows> {
    const gathering: Gathering = { openedAt, weight, waiting: [], depart() {} };
    this.#gathering = gathering;
    await untilDeparture(gathering, LINGER);
    if (this.#gathering === gathering) this.#gathering = null;
    const { waiting } = gathering;
    try {
      const [own = [], ...others] = await this.#send([{ statements }, ...waiting]);
      for (const [index, one] of waiting.entries()) one.give(others[index] ?? null);
      return own;
    } catch (error) {
      for (const one of waiting) one.give(null);
      if (waiting.length === 0) throw error;
      // Any of the statements may be what D1 refused: each read goes on its own way.
      return runAlone(this.#d1, statements);
    }
  }

  /** Sends reads in one batch, in which no statement is twice; gives the rows of each. */
  async #send(reads: Pick<Waiting, "statements">[]): Promise<Rows[]> {
    const trip = { since: systemClock() };
    this.#underway = trip;
    try {
      const different = new Map<Sql, { place: number; ready: D1PreparedStatement }>();
      for (const { written, ready } of reads.flatMap(({ statements }) => statements))
        if (!different.has(written)) different.set(written, { place: different.size, ready });
      const ready = Array.from(different.values(), ({ ready }) => ready);
      const results = rowsOfEach(await sendPrepared(this.#d1, ready));
      const rowsOf = ({ written }: Statement) => results[different.get(written)?.place ?? -1] ?? [];
      return reads.map(({ statements }) => statements.map(rowsOf));
    } finally {
      if (this.#underway === trip) this.#underway = null;
      this.#gathering?.depart();
    }
  }
}

/** Sends a read's statements in one batch; gives its rows. */
async function runAlone(d1: D1Database, statements: readonly Statement[]): Promise<Rows> {
  const ready = statements.map((statement) => statement.ready);
  return rowsOfEach(await sendPrepared(d1, ready));
}

/** Waits until a gathering may depart, or for some time (ms). */
function untilDeparture(gathering: Gathering, time: number): Promise<void> {
  return within<void>(time, undefined, (give) => {
    gathering.depart = give;
  });
}

/** What `start` is given the means to give, or `otherwise` after some time (ms). */
async function within<T>(time: number, otherwise: T, start: (give: (value: T) => void) => void): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>();
  const timer = setTimeout(() => resolve(otherwise), time);
  start(resolve);
  const value = await promise;
  clearTimeout(timer);
  return value;
}
