import { type Answer, HttpConnection, type Sent } from "./http-connection.ts";

/** What one measurement gave: times in milliseconds, ascending. */
export interface Measured {
  requests: number;
  seconds: number;
  latencies: number[];
}

/** A load: requests by connection (null ends the run), what is noted of their answers, and the statuses that these may have. */
export interface Load {
  baseUrl: string;
  token: string;
  request(connection: number): Sent | null;
  note?(connection: number, answer: Answer): void;
  expect: readonly number[];
}

/** Connections idle for longer than this (ms) are opened anew: the server closes them after some seconds. */
const IDLE = 2_000;

/** Connections that stay open over warm-up and rounds, each sending its next request when the last one is answered. */
export class ClosedLoop {
  readonly #load: Load;
  readonly #connections: HttpConnection[];
  #lastUse = performance.now();

  private constructor(load: Load, connections: HttpConnection[]) {
    this.#load = load;
    this.#connections = connections;
  }

  static async open(load: Load, connections: number): Promise<ClosedLoop> {
    const opened = Array.from({ length: connections }, () => HttpConnection.open(load.baseUrl, load.token));
    return new ClosedLoop(load, await Promise.all(opened));
  }

  /** Keeps all connections busy for a while, and for at least one request each, or until the load has none left for one of them. */
  async run(seconds: number): Promise<Measured> {
    if (performance.now() - this.#lastUse > IDLE) await this.#reopen();
    const latencies: number[] = [];
    const started = performance.now();
    let until = started + seconds * 1000;
    await Promise.all(
      this.#connections.map(async (connection, index) => {
        do {
          const sent = this.#load.request(index);
          if (sent === null) {
            until = 0;
            break;
          }
          const before = performance.now();
          const answer = await connection.send(sent);
          latencies.push(performance.now() - before);
          this.#load.note?.(index, answer);
          if (!this.#load.expect.includes(answer.status)) throw refused(sent, answer);
        } while (performance.now() < until);
      }),
    );
    this.#lastUse = performance.now();
    const elapsed = (this.#lastUse - started) / 1000;
    return { requests: latencies.length, seconds: elapsed, latencies: latencies.sort((a, b) => a - b) };
  }

  async #reopen(): Promise<void> {
    const { baseUrl, token } = this.#load;
    for (const [index, connection] of this.#connections.entries()) {
      connection.close();
      this.#connections[index] = await HttpConnection.open(baseUrl, token);
    }
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }
}

function refused({ method, path }: Sent, { status, body }: Answer): Error {
  return new Error(`${method} ${path} answered ${status}: ${body.toString().slice(0, 500)}`);
}
