import type { Agent, IncomingHttpHeaders } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Cut, createAgent, exchange, type Outcome } from "./exchange.ts";
import type { Random } from "./random.ts";
import { type Recorder, recordReply } from "./recorder.ts";

/** One request of a provider; `target` is what follows the base URL, sent as it stands. */
export interface Call {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  target: string;
  /** The name the request is counted under. */
  kind: string;
  body?: unknown;
  /** The first answer is dropped on its way, so that the request is sent again. */
  loseReply?: boolean;
  /** Replace or add headers for this request. */
  headers?: Record<string, string>;
}

/** An answer; `tries` is over 1 when the server may have seen the request before. */
export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  /** The parsed JSON, or undefined for an empty or unreadable body. */
  body: unknown;
  text: string;
  tries: number;
}

/** Sends a provider's requests, retries as connectors do, and records what each took. */
export interface Wire {
  send(call: Call): Promise<Reply>;
  close(): void;
}

/** What a wire needs: where to, how the provider dresses a request, and the source of mischief when chaos is on. */
interface WireOptions {
  baseUrl: string;
  headersFor(call: Call): Record<string, string>;
  connections: number;
  recorder: Recorder;
  chaos: Random | null;
}

/** The server could not be reached, or not with this token: nothing can be said about it. */
export class ConnectionProblem extends Error {}

const MOST_TRIES = 8;
const FIRST_TRIES = 3;
const BACK_OFF_MS = 200;
const MOST_BACK_OFF_MS = 10_000;
const MOST_RETRY_AFTER_MS = 60_000;
const AFTER_DROP_MS = 300;

/** Opens a wire to a base URL with up to `connections` sockets. */
export function createWire(options: WireOptions): Wire {
  const url = new URL(options.baseUrl);
  const agent = createAgent(url, options.connections);
  const open: OpenWire = { ...options, url, agent, reached: false };
  return {
    send: (call) => sendWithRetries(open, call),
    close: () => agent.destroy(),
  };
}

interface OpenWire extends WireOptions {
  url: URL;
  agent: Agent;
  /** Whether the server has answered at all; until then there is little to wait for. */
  reached: boolean;
}

async function sendWithRetries(wire: OpenWire, call: Call): Promise<Reply> {
  let reason = "";
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const last = tries === (wire.reached ? MOST_TRIES : FIRST_TRIES);
    const { outcome, twin, cut } = await sendOnce(wire, call, tries);
    if (outcome.kind === "lost") {
      if (cut === "none") wire.recorder.lost += 1;
      else wire.recorder.dropped += 1;
      reason = outcome.reason;
      if (last) break;
      await sleep(cut === "none" ? backOff(tries) : AFTER_DROP_MS);
      continue;
    }
    wire.reached = true;
    const again = !last && (outcome.status === 429 || outcome.status >= 500);
    if (!again) return { ...outcome, body: parseJson(outcome.text), tries: tries + (twin ? 1 : 0) };
    if (outcome.status === 429) wire.recorder.throttled += 1;
    else wire.recorder.serverErrors += 1;
    await sleep(retryAfter(outcome.headers) ?? backOff(tries));
  }
  const advice = wire.reached ? "" : '\nNothing answers there: start the server ("npm run dev"), or give its --url';
  throw new ConnectionProblem(`${call.method} ${wire.baseUrl}${call.target}: ${reason}${advice}`);
}

async function sendOnce(wire: OpenWire, call: Call, tries: number) {
  const cut = drawCut(wire.chaos, call, tries);
  const twin = cut === "none" && wire.chaos !== null && call.method !== "GET" && wire.chaos.chance(0.05);
  if (!twin) return { outcome: await attempt(wire, call, cut), twin, cut };
  wire.recorder.twins += 1;
  const [first, second] = await Promise.all([attempt(wire, call, "none"), attempt(wire, call, "none")]);
  const done = (outcome: Outcome) => outcome.kind === "reply" && outcome.status < 300;
  // Of two creates or deletes one must fail; the same PATCH or PUT again must succeed again.
  const once = call.method === "POST" || call.method === "DELETE";
  return { outcome: done(first) === once ? first : second, twin, cut };
}

/**
 * Whether this reply gets lost. A PATCH or PUT is cut only when its answer arrives: cut earlier, a late first copy could
 * overtake the client's next change of the same resource, and then no server could know what the client means.
 */
function drawCut(chaos: Random | null, call: Call, tries: number): Cut {
  if (call.loseReply === true && tries === 1) return "answered";
  if (chaos === null || tries > 2 || !chaos.chance(0.05)) return "none";
  if (call.method === "PATCH" || call.method === "PUT") return "answered";
  return chaos.chance(0.5) ? "answered" : "sent";
}

async function attempt(wire: OpenWire, call: Call, cut: Cut): Promise<Outcome> {
  const { url, agent } = wire;
  const path = `${url.pathname.replace(/\/+$/, "")}${call.target}`;
  const headers = { ...wire.headersFor(call), ...call.headers };
  const body = call.body === undefined ? null : JSON.stringify(call.body);
  const outcome = await exchange({ url, path, method: call.method, headers, body, agent }, cut);
  if (outcome.kind === "reply") recordReply(wire.recorder, call.kind, outcome.status, outcome.milliseconds);
  return outcome;
}

function backOff(tries: number): number {
  return Math.min(MOST_BACK_OFF_MS, BACK_OFF_MS * 2 ** (tries - 1)) * (0.5 + Math.random() / 2);
}

/** RFC 9110 section 10.2.3: seconds or a date. */
function retryAfter(headers: IncomingHttpHeaders): number | null {
  const text = headers["retry-after"];
  if (text === undefined) return null;
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(wait) ? null : Math.min(MOST_RETRY_AFTER_MS, Math.max(0, wait));
}

function parseJson(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
