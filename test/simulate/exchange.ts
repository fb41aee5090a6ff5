import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";

/** A request as it goes on the wire: `path` is raw, so that a trailing `?` or `&` survives. */
interface Exchange {
  url: URL;
  path: string;
  method: string;
  headers: Record<string, string>;
  body: string | null;
  agent: http.Agent;
}

/** What came back, or why nothing did. */
export type Outcome =
  | { kind: "reply"; status: number; headers: http.IncomingHttpHeaders; text: string; milliseconds: number }
  | { kind: "lost"; reason: string };

/** When the client closes its socket on purpose: once the request is out, or when the answer begins to arrive. */
export type Cut = "none" | "sent" | "answered";

/** Connector time-outs are 60 s (Entra, Okta). */
const TIMEOUT_MS = 60_000;
const CUT_AFTER_SENT_MS = 20;

/** An agent that keeps at most `connections` sockets open to the server. */
export function createAgent(url: URL, connections: number): http.Agent {
  const options = { keepAlive: true, maxSockets: connections };
  return url.protocol === "https:" ? new https.Agent(options) : new http.Agent(options);
}

/** Sends one request over node:http, because fetch cannot send an empty User-Agent or a raw path. */
export function exchange(request: Exchange, cut: Cut): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const client = request.url.protocol === "https:" ? https : http;
  const length = request.body === null ? {} : { "Content-Length": String(Buffer.byteLength(request.body)) };
  let started = performance.now();
  const lose = (error: Error) => resolve({ kind: "lost", reason: error.message || error.name });
  const outgoing = client.request(
    {
      hostname: request.url.hostname.replace(/^\[|\]$/g, ""),
      port: request.url.port,
      path: request.path,
      method: request.method,
      headers: { ...request.headers, ...length },
      agent: request.agent,
      timeout: TIMEOUT_MS,
    },
    (incoming) => {
      if (cut === "answered") outgoing.destroy(new Error("reply dropped"));
      else collect(incoming, (reply) => resolve({ ...reply, milliseconds: performance.now() - started }), lose);
    },
  );
  // The wait for a free connection is the client's own, not the server's.
  outgoing.on("socket", () => {
    started = performance.now();
  });
  outgoing.on("timeout", () => outgoing.destroy(new Error(`no reply within ${TIMEOUT_MS / 1000} s`)));
  outgoing.on("error", lose);
  outgoing.end(request.body ?? undefined, () => {
    if (cut === "sent") setTimeout(() => outgoing.destroy(new Error("reply dropped")), CUT_AFTER_SENT_MS);
  });
  return promise;
}

type Answer = { kind: "reply"; status: number; headers: http.IncomingHttpHeaders; text: string };

function collect(incoming: IncomingMessage, onEnd: (answer: Answer) => void, onError: (error: Error) => void): void {
  const chunks: Buffer[] = [];
  incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
  incoming.on("error", (error) => onError(error));
  incoming.on("end", () => {
    const text = decode(Buffer.concat(chunks), incoming.headers["content-encoding"] ?? "").toString("utf8");
    onEnd({ kind: "reply", status: incoming.statusCode ?? 0, headers: incoming.headers, text });
  });
}

function decode(bytes: Buffer, encoding: string): Buffer {
  if (bytes.length === 0) return bytes;
  if (encoding === "gzip") return gunzipSync(bytes);
  if (encoding === "deflate") return inflateSync(bytes);
  return encoding === "br" ? brotliDecompressSync(bytes) : bytes;
}
