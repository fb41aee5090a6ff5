import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/**
 * What a receiver does with a request: the status it answers after a delay (ms), or null to cut the connection. One that
 * loses its answer has taken the request, but says so to nobody.
 */
export interface Behaviour {
  status: number | null;
  delay?: number;
  losesAnswer?: boolean;
}

/** An endpoint for webhooks on loopback: takes what comes, or does with it what it is told to. */
export class LoopbackReceiver {
  /** Decides about each request, by its `webhook-id`. */
  behave: (id: string) => Behaviour = () => ({ status: 204 });
  /** The `webhook-id` of every delivery that it accepted, in order. */
  readonly taken: string[] = [];
  /** Called with each of them. */
  onTaken: () => void = () => undefined;
  /** How many requests it has not answered, and the most there ever were at one time. */
  underWay = 0;
  mostUnderWay = 0;
  #server: Server | null = null;

  /** Starts it; gives its address. */
  async open(): Promise<string> {
    const server = createServer((request, response) => this.#receive(request, response));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return `http://127.0.0.1:${address.port}/rollcall`;
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const id = String(request.headers["webhook-id"]);
    const { status, delay = 0, losesAnswer = false } = this.behave(id);
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    response.on("close", () => {
      this.underWay -= 1;
    });
    const answer = () => {
      if (status !== null && status < 300) {
        this.taken.push(id);
        this.onTaken();
      }
      if (status === null || losesAnswer) return void request.destroy();
      response.writeHead(status).end(status < 300 ? undefined : "not today");
    };
    request.resume();
    request.on("end", () => (delay === 0 ? answer() : setTimeout(answer, delay)));
    request.on("error", () => undefined);
  }

  /** Stops it. */
  close(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }
}
