import { setTimeout as sleep } from "node:timers/promises";
import { OPERATOR_KEY } from "./torture-runtime.ts";
import type { Judge } from "./wire-client.ts";

const MAX_TRIES = 400;

/** The operator's browser: it sends forms, each again until the answer is definite, and follows no redirect. */
export class ConsoleClient {
  readonly #url: string;
  readonly #judge: Judge;
  #cookie: string | null = null;

  constructor(url: string, judge: Judge) {
    this.#url = url;
    this.#judge = judge;
  }

  /** Sends a form; `isRetry` when an earlier try may have done the work already. */
  async post(path: string, form: Record<string, string>): Promise<{ status: number; isRetry: boolean }> {
    for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
      this.#cookie ??= await this.#signIn();
      const answer = this.#cookie === null ? null : await this.#try(path, form, this.#cookie);
      if (answer !== null) return { status: answer.status, isRetry: attempt > 0 };
      this.#judge.retries += 1;
      await sleep(Math.min(200, 10 * (attempt + 1)));
    }
    throw new Error(`POST ${path} had no definite answer in ${MAX_TRIES} tries`);
  }

  async #signIn(): Promise<string | null> {
    const answer = await this.#try("/sign-in", { key: OPERATOR_KEY }, "");
    return answer?.headers.get("set-cookie")?.split(";")[0] ?? null;
  }

  async #try(path: string, form: Record<string, string>, cookie: string): Promise<Response | null> {
    this.#judge.requests += 1;
    let answer: Response;
    try {
      answer = await fetch(`${this.#url}/console${path}`, {
        ...{ method: "POST", redirect: "manual", body: new URLSearchParams(form), signal: AbortSignal.timeout(60_000) },
        headers: { cookie, origin: this.#url },
      });
      await answer.text();
    } catch {
      if (!this.#judge.allowsUnavailable) this.#judge.report(`POST ${path}: the connection was lost`);
      return null;
    }
    const { status } = answer;
    if (status !== 429 && status < 500) return answer;
    if (!this.#judge.allowsUnavailable) this.#judge.report(`POST ${path}: ${status} without a fault`);
    if (status !== 429 && status !== 503) this.#judge.report(`POST ${path}: ${status}`);
    return null;
  }
}
