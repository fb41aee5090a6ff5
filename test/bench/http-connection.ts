import { connect, type Socket } from "node:net";

/** A request as the load generator sends it. */
export interface Sent {
  method: string;
  path: string;
  body?: string;
}

/** An answer; the body is kept as bytes, since most of them are never looked at. */
export interface Answer {
  status: number;
  body: Buffer;
}

/** The name by which servers are asked for: a Worker that is reached on its own machine has no flood shield. */
const HOST = "scim.example.com";

/**
 * One keep-alive connection that sends one request at a time. It is this plain, and not `fetch`, because the load
 * generator shares the machine with what it measures.
 */
export class HttpConnection {
  readonly #socket: Socket;
  readonly #head: string;
  #received: Buffer = Buffer.alloc(0);
  #settle: { resolve(answer: Answer): void; reject(error: Error): void } | null = null;

  private constructor(socket: Socket, head: string) {
    this.#socket = socket;
    this.#head = head;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#receive(chunk));
    socket.on("error", (error) => this.#settle?.reject(error));
    socket.on("close", () => this.#settle?.reject(new Error("the connection was closed")));
  }

  /** Opens a connection to a server; every request carries the token. */
  static async open(baseUrl: string, token: string): Promise<HttpConnection> {
    const { hostname, port } = new URL(baseUrl);
    const socket = connect(Number(port), hostname);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    const head = `Host: ${HOST}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/scim+json\r\n`;
    return new HttpConnection(socket, head);
  }

  /** Sends a request and gives its answer. */
  send({ method, path, body = "" }: Sent): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      const length = method === "GET" ? "" : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
      this.#socket.write(`${method} ${path} HTTP/1.1\r\n${this.#head}${length}\r\n${body}`);
    });
  }

  close(): void {
    this.#settle = null;
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const answer = readAnswer(this.#received);
    if (answer === null) return;
    this.#received = Buffer.alloc(0);
    const settle = this.#settle;
    this.#settle = null;
    settle?.resolve(answer);
  }
}

/** The answer in these bytes, or null while it is not whole. */
function readAnswer(bytes: Buffer): Answer | null {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const head = bytes.toString("latin1", 0, end);
  const status = Number(head.slice(9, 12));
  if (status === 204 || status === 304) return { status, body: Buffer.alloc(0) };
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  const start = end + 4;
  if (length !== undefined) {
    const stop = start + Number(length);
    return bytes.length < stop ? null : { status, body: bytes.subarray(start, stop) };
  }
  if (!bytes.subarray(-7).toString("latin1").endsWith("\r\n0\r\n\r\n")) return null;
  return { status, body: joinChunks(bytes.subarray(start)) };
}

/** The content of a chunked body (RFC 9112 section 7.1). */
function joinChunks(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const line = bytes.indexOf("\r\n", at);
    const size = Number.parseInt(bytes.toString("latin1", at, line), 16);
    if (!(size > 0)) break;
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 4 + size;
  }
  return Buffer.concat(parts);
}
