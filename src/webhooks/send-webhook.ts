import type { PublishedChange } from "../changes/published-change.ts";
import { type Failure, failureOf } from "./delivery-failure.ts";
import { signWebhook } from "./sign-webhook.ts";
import { judgeWebhookUrl } from "./webhook-url.ts";

/** How long a receiver has for its whole answer (ms). */
export const SEND_TIMEOUT = 10_000;
/** How much of an answer's body is read and kept (bytes). */
const KEPT_BODY = 1_024;

/** Where a webhook goes, and the secrets it is signed with, newest first. */
interface WebhookTarget {
  url: string;
  allowsLoopback: boolean;
  secrets: readonly string[];
}

/** What sending needs from outside; `timeout` is `SEND_TIMEOUT` but in tests. */
export interface SendPorts {
  fetch(url: string, init: RequestInit): Promise<Response>;
  clock(): number;
  timeout?: number;
}

/** What came of one POST; `failure` is null when it was accepted (2xx). */
export interface SendResult {
  status: number | null;
  body: string | null;
  failure: Failure | null;
  startedAt: number;
  duration: number;
  /** What the receiver asked for with Retry-After (ms). */
  putOff: number | null;
}

type Answer = Pick<SendResult, "status" | "body" | "failure" | "putOff">;

const UNREADABLE_SECRET: Failure = {
  code: "unreadable_secret",
  detail:
    "The signing secret cannot be read: SESSION_SECRET has changed since it was made. Rotate the webhook's secret.",
};

/** POSTs a change to its receiver, signed; every way it can fail is a result, never an exception. */
export async function sendWebhook(
  target: WebhookTarget,
  change: PublishedChange,
  ports: SendPorts,
): Promise<SendResult> {
  const startedAt = ports.clock();
  const refusal = judgeTarget(target);
  const answer = refusal === null ? await exchange(target, change, startedAt, ports) : unanswered(refusal);
  return { ...answer, startedAt, duration: ports.clock() - startedAt };
}

function judgeTarget({ url, allowsLoopback, secrets }: WebhookTarget): Failure | null {
  const detail = judgeWebhookUrl(url, allowsLoopback);
  if (detail !== null) return { code: "bad_address", detail };
  return secrets[0] === undefined ? UNREADABLE_SECRET : null;
}

/** Rejects when the receiver's time is over. */
class TooSlow extends Error {}

async function exchange(
  target: WebhookTarget,
  change: PublishedChange,
  now: number,
  ports: SendPorts,
): Promise<Answer> {
  const timeout = ports.timeout ?? SEND_TIMEOUT;
  const aborter = new AbortController();
  const expiry = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    aborter.abort();
    expiry.reject(new TooSlow(`no answer within ${timeout / 1000} s`));
  }, timeout);
  expiry.promise.catch(() => undefined);
  try {
    const body = JSON.stringify(change);
    const signed = await signWebhook({ id: change.id, timestamp: Math.floor(now / 1000), body }, target.secrets);
    const headers = { ...signed, "Content-Type": "application/json", "User-Agent": "Rollcall-Webhooks/1" };
    const init: RequestInit = { method: "POST", headers, body, redirect: "manual", signal: aborter.signal };
    const response = await Promise.race([ports.fetch(target.url, init), expiry.promise]);
    // The status decides: a body that never ends only costs its own text.
    const start = await Promise.race([readStart(response), expiry.promise]).catch(() => "");
    return toAnswer(response, start);
  } catch (error) {
    const detail = `Not reached: ${error instanceof Error ? error.message : String(error)}`;
    return unanswered({ code: error instanceof TooSlow ? "too_slow" : "not_reached", detail });
  } finally {
    clearTimeout(timer);
  }
}

function toAnswer(response: Response, body: string): Answer {
  const { status, headers } = response;
  return { status, body, failure: failureOf(status), putOff: readPutOff(headers.get("Retry-After")) };
}

function unanswered(failure: Failure): Answer {
  return { status: null, body: null, failure, putOff: null };
}

/** Retry-After in seconds (RFC 9110 section 10.2.3); its form as a date is not worth a clock comparison. */
function readPutOff(header: string | null): number | null {
  return header !== null && /^\d{1,9}$/.test(header) ? Number(header) * 1000 : null;
}

async function readStart(response: Response): Promise<string> {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let left = KEPT_BODY;
  while (left > 0) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    const chunk: Uint8Array = value.subarray(0, left);
    text += decoder.decode(chunk, { stream: true });
    left -= chunk.length;
  }
  reader.cancel().catch(() => undefined);
  return text;
}
