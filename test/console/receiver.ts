import { createServer, type Server } from "node:http";

/** An endpoint for webhooks on loopback: takes what comes, or answers with another status while told to. */
export class Receiver {
  status = 204;
  /** The `webhook-id` of every delivery, in order. */
  readonly taken: string[] = [];
  #server: Server | null = null;

  /** Starts it; gives its address. */
  async open(): Promise<string> {
    const server = createServer((request, response) => {
      if (this.status < 300) this.taken.push(String(request.headers["webhook-id"]));
      request.resume();
      response.writeHead(this.status).end(this.status < 300 ? undefined : "not today");
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return `http://127.0.0.1:${address.port}/rollcall`;
  }

  /** Stops it. */
  close(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }
}
