import { systemClock } from "../platform/clock.ts";
import { type Read, rowsOfEach, sendPrepared } from "../platform/read-batch.ts";
import { prepare } from "../platform/sql.ts";

/** A trip takes reads of this weight together at most. */
export const MOST_WEIGHT = 32;
/** So many batches of a company may be under way before its reads gather: of 16 requests at once each goes by itself then. */
export const BATCHES_AT_ONCE = 8;
/** How long (ms) the reads that gather wait for a trip before theirs to come back. */
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
 * Runs a read in one D1 batch, with those that other requests of the company bring while so many batches of it are under way
 * that another one would wait: a database answers one batch at a time, and a trip costs more than what a request reads in it.
 * Without it the median answer takes, with D1 5 ms away, 1.5 times as long for 64 connections and 1.9 times for 128, and 20 ms
 * away 1.5 to 1.7 times for 128; for fewer as long (`npm run bench -- --parts tunings`). A read never joins a batch that was
 * sent already, so it sees all that was committed before it was asked. A read without a `weight` goes alone.
 */
export async function runShared<T>(d1: D1Database, companyKey: number, read: Read<T>, keep: Keep): Promise<T> {
  const statements = read.statements.map((statement) => prepare(d1, statement));
  if (read.weight === undefined || !MAY_SHARE) return read.decode(await send(d1, statements));
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
  /** The batches whose answers are not there yet. */
  readonly #underway = new Set<{ since: number }>();

  constructor(d1: D1Database) {
    this.#d1 = d1;
  }

  /** Whether nobody waits here, and nothing is under way. */
  get isIdle(): boolean {
    return this.#gathering === null && this.#underway.size === 0;
  }

  run(statements: D1PreparedStatement[], weight: number, keep: Keep): Promise<Rows> {
    const now = systemClock();
    const gathering = this.#gathering;
    if (gathering !== null && now - gathering.openedAt < PATIENCE) {
      if (gathering.weight + weight <= MOST_WEIGHT) return this.#join(gathering, statements, weight);
      gathering.depart();
    } else if (!this.#isBusy(now)) return this.#send([{ statements }]).then(([rows = []]) => rows);
    const led = this.#lead(statements, weight, now);
    keep(led.catch(() => {}));
    return led;
  }

  /** Whether so many batches are under way that another one would wait for them in the database. */
  #isBusy(now: number): boolean {
    let fresh = 0;
    for (const trip of this.#underway)
      if (now - trip.since < PATIENCE) fresh += 1;
      else this.#underway.delete(trip);
    return fresh >= BATCHES_AT_ONCE;
  }

  async #join(gathering: Gathering, statements: D1PreparedStatement[], weight: number): Promise<Rows> {
    gathering.weight += weight;
    const rows = await within<Rows | null>(PATIENCE, null, (give) => {
      gathering.waiting.push({ statements, give });
    });
    return rows ?? send(this.#d1, statements);
  }

  /** Waits for one of the batches under way, and takes along what gathered meanwhile. */
  async #lead(statements: D1PreparedStatement[], weight: number, openedAt: number): Promise<Rows> {
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
      return send(this.#d1, statements);
    }
  }

  /** Sends reads in one batch; gives the rows of each. */
  async #send(reads: Pick<Waiting, "statements">[]): Promise<Rows[]> {
    const trip = { since: systemClock() };
    this.#underway.add(trip);
    try {
      const results = await send(
        this.#d1,
        reads.flatMap(({ statements }) => statements),
      );
      return reads.map(({ statements }) => results.splice(0, statements.length));
    } finally {
      this.#underway.delete(trip);
      this.#gathering?.depart();
    }
  }
}

/** Sends statements in one batch; gives the rows of each. */
async function send(d1: D1Database, statements: D1PreparedStatement[]): Promise<Rows> {
  return rowsOfEach(await sendPrepared(d1, statements));
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
