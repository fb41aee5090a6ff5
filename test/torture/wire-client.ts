import { setTimeout as sleep } from "node:timers/promises";

/** What went wrong that no fault excuses. */
export interface Problem {
  round: string;
  what: string;
}

/** Thrown when so much is wrong that going on shows nothing new. */
export class Hopeless extends Error {}

const MOST_PROBLEMS = 20;

/** Gathers problems; a round that injects no faults allows no 503 either. */
export class Judge {
  readonly problems: Problem[] = [];
  /** Ids of acknowledged writes: each must be in the provisioning log, which rides in the commits. */
  readonly acknowledged: string[] = [];
  round = "set-up";
  allowsUnavailable = true;
  requests = 0;
  retries = 0;

  report(what: string): void {
    this.problems.push({ round: this.round, what });
  }
}

/** A definite answer; `isRetry` when an earlier try may have done the work already. */
interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are read freely; a wrong shape fails the comparison.
  json: any;
  isRetry: boolean;
}

const MAX_TRIES = 400;

/** Sends requests as an identity provider does: again and again until the answer is definite. */
export class WireClient {
  readonly #base: string;
  readonly #judge: Judge;
  /** Read for every request, so that a rotated token is used at once. */
  readonly #token: () => string;

  /** Whether its writes leave rows in the provisioning log. */
  readonly #isLogged: boolean;

  constructor(base: string, token: () => string, judge: Judge, isLogged = true) {
    this.#isLogged = isLogged;
    this.#base = base;
    this.#token = token;
    this.#judge = judge;
  }

  /** The first definite answer: neither a lost connection, nor 429, nor 503. */
  async send(method: string, path: string, body?: unknown): Promise<Answer> {
    for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
      if (this.#judge.problems.length >= MOST_PROBLEMS) throw new Hopeless("too much is wrong to go on");
      const answer = await this.#try(method, path, body);
      if (answer !== null) return { ...answer, isRetry: attempt > 0 };
      this.#judge.retries += 1;
      await sleep(Math.min(200, 10 * (attempt + 1)));
    }
    throw new Error(`${method} ${path} had no definite answer in ${MAX_TRIES} tries`);
  }

  async #try(method: string, path: string, body: unknown): Promise<Omit<Answer, "isRetry"> | null> {
    this.#judge.requests += 1;
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.#base}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.#token()}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(60_000),
      });
      text = await response.text();
    } catch {
      if (!this.#judge.allowsUnavailable) this.#judge.report(`${method} ${path}: the connection was lost`);
      return null;
    }
    return this.#judgeAnswer(`${method} ${path}`, response, text, this.#isLogged && method !== "GET");
  }

  #judgeAnswer(about: string, response: Response, text: string, isWrite: boolean): Omit<Answer, "isRetry"> | null {
    const { status } = response;
    if (status === 429 || status === 503) {
      if (!this.#judge.allowsUnavailable) this.#judge.report(`${about}: ${status} without a fault: ${text}`);
      if (response.headers.get("retry-after") === null) this.#judge.report(`${about}: ${status} without Retry-After`);
      return null;
    }
    if (status >= 500) {
      this.#judge.report(`${about}: ${status} ${text.slice(0, 300)}`);
      return null;
    }
    const requestId = response.headers.get("x-request-id");
    if (isWrite && status < 300 && requestId !== null) this.#judge.acknowledged.push(requestId);
    return { status, json: text === "" ? null : JSON.parse(text) };
  }
}
