import type { Change } from "../changes/change-store.ts";
import { publishChange } from "../changes/published-change.ts";
import { DeliveryRecorder } from "./delivery-recorder.ts";
import type { CourierPorts, DeliveryAttempt, Round, Setback } from "./delivery-round.ts";
import type { Failure } from "./failure.ts";
import { planRetry } from "./retry-schedule.ts";
import { type SendResult, sendWebhook } from "./send-webhook.ts";

/** A round ends after this time (ms) and another begins, so that what an operator changed meanwhile is noticed. */
const ROUND_TIME = 60_000;

/** What a courier does next: wait to be poked, go on at a time, stay still until woken, or forget its webhook. */
export type NextStep = { kind: "idle" } | { kind: "due"; at: number } | { kind: "stopped" } | { kind: "gone" };

const MISSED: Failure = {
  code: "missed_changes",
  detail:
    "Changes that it had not received are no longer kept. Read the target users and groups anew, then resume it from the oldest change.",
};

/**
 * One round of an endpoint: what an operator wants sent once more, then the feed from the cursor on, one change at a
 * time, in order. Nothing passes a change that was not accepted, and the cursor moves only past accepted ones: after a
 * crash a change may be sent again, under the same id, and none is left out.
 */
export async function deliver(ports: CourierPorts): Promise<NextStep> {
  const round = await ports.load();
  if (round === null) return { kind: "gone" };
  await resend(round, ports);
  const { isActive, nextAttemptAt } = round.webhook;
  if (!isActive) return round.hasMoreResends ? { kind: "due", at: ports.clock() } : { kind: "stopped" };
  if (nextAttemptAt !== null && nextAttemptAt > ports.clock())
    return { kind: "due", at: round.hasMoreResends ? ports.clock() : nextAttemptAt };
  if (round.hasMissed) {
    await ports.record(round, { attempts: [], cursor: null, setback: stop(0, MISSED) });
    return { kind: "stopped" };
  }
  return deliverFeed(round, ports);
}

async function resend(round: Round, ports: CourierPorts): Promise<void> {
  for (const change of round.resends) {
    const result = await send(round, change, ports);
    const attempt = toAttempt(change, result, result.failure === null ? "delivered" : "failed");
    await ports.record(round, { attempts: [attempt], cursor: null, setback: null });
  }
}

async function deliverFeed(round: Round, ports: CourierPorts): Promise<NextStep> {
  const recorder = new DeliveryRecorder(round, ports);
  const deadline = ports.clock() + ROUND_TIME;
  let { failedAttempts } = round.webhook;
  for (const change of round.changes) {
    if (recorder.isSuperseded || ports.clock() > deadline) {
      await recorder.close();
      return { kind: "due", at: ports.clock() };
    }
    const result = await send(round, change, ports);
    if (result.failure !== null) {
      const setback = planSetback(failedAttempts + 1, result.failure, result.putOff, ports);
      const status = setback.isFailing ? "failed" : "retrying";
      recorder.add({ attempts: [toAttempt(change, result, status)], cursor: null, setback });
      await recorder.close();
      return nextAfter(setback, recorder, ports);
    }
    failedAttempts = 0;
    recorder.add({ attempts: [toAttempt(change, result, "delivered")], cursor: change.seq, setback: null });
  }
  if (round.readTo > (round.changes.at(-1)?.seq ?? round.webhook.cursor))
    recorder.add({ attempts: [], cursor: round.readTo, setback: null });
  await recorder.close();
  return round.isAtHead && !round.hasMoreResends ? { kind: "idle" } : { kind: "due", at: ports.clock() };
}

function send(round: Round, change: Change, ports: CourierPorts): Promise<SendResult> {
  const { webhook, secrets } = round;
  return sendWebhook({ ...webhook, secrets }, publishChange(change, webhook.companyId), ports);
}

function toAttempt(change: Change, result: SendResult, status: DeliveryAttempt["status"]): DeliveryAttempt {
  return { seq: change.seq, type: change.type, status, result };
}

function planSetback(failedAttempts: number, failure: Failure, putOff: number | null, ports: CourierPorts): Setback {
  // Standard Webhooks: a receiver that answers 410 wants no more.
  if (failure.code === "gone") return stop(failedAttempts, failure);
  const nextAttemptAt = planRetry(failedAttempts, ports.clock(), ports.random(), putOff);
  return nextAttemptAt === null
    ? stop(failedAttempts, failure)
    : { failedAttempts, nextAttemptAt, isFailing: false, failure };
}

function stop(failedAttempts: number, failure: Failure): Setback {
  return { failedAttempts, nextAttemptAt: null, isFailing: true, failure };
}

/** A setback planned before an operator's change does not count: look at the webhook again. */
function nextAfter({ nextAttemptAt }: Setback, recorder: DeliveryRecorder, ports: CourierPorts): NextStep {
  if (recorder.isSuperseded) return { kind: "due", at: ports.clock() };
  return nextAttemptAt === null ? { kind: "stopped" } : { kind: "due", at: nextAttemptAt };
}
