import type { Change } from "../changes/change.ts";
import { publishChange } from "../changes/published-change.ts";
import type { CourierPorts, DeliveryAttempt, Round } from "./courier-ports.ts";
import type { Failure } from "./delivery-failure.ts";
import { DeliveryRecorder } from "./delivery-recorder.ts";
import { planSetback, standStill } from "./delivery-retry-schedule.ts";
import { type SendResult, sendWebhook } from "./send-webhook.ts";

/** A round ends after this time (ms) and another begins, so that what an operator changed meanwhile is noticed. */
const ROUND_TIME = 60_000;

/**
 * What a courier does next: wait to be notified, go on at once with `more`, go on at a time, let whoever has taken its place
 * (an operator's change, or another instance) have it, stay still until woken, or forget its webhook.
 */
export type NextStep =
  | { kind: "idle" }
  | { kind: "more" }
  | { kind: "due"; at: number }
  | { kind: "superseded" }
  | { kind: "stopped" }
  | { kind: "gone" };

const MISSED: Failure = {
  code: "missed_changes",
  detail:
    "Changes that it had not received are no longer kept. Take GET …/snapshot and put what it lists in the place of what you hold, then resume it from the oldest change.",
};

/**
 * One round of an endpoint: what an operator wants sent once more, then the feed from the cursor on, one change at a
 * time, in order. Nothing passes a change that was not accepted, and the cursor moves only past accepted ones: after a
 * crash a change may be sent again, under the same id, and none is left out.
 */
export async function deliver(ports: CourierPorts): Promise<NextStep> {
  const round = await ports.load();
  if (round === null) return { kind: "gone" };
  if (!ports.isOurs(round.webhook.revision)) return { kind: "superseded" };
  await resend(round, ports);
  const { isActive, nextAttemptAt } = round.webhook;
  if (!isActive) return round.hasMoreResends ? { kind: "more" } : { kind: "stopped" };
  if (nextAttemptAt !== null && nextAttemptAt > ports.clock())
    return round.hasMoreResends ? { kind: "more" } : { kind: "due", at: nextAttemptAt };
  if (round.hasMissed) {
    await ports.record(round, { attempts: [], cursor: null, setback: standStill(0, MISSED) });
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
  let failures = { count: round.webhook.failedAttempts, since: round.webhook.firstFailedAt };
  for (const change of round.changes) {
    if (recorder.isSuperseded || ports.isInterrupted() || ports.clock() > deadline)
      return endRound(recorder, { kind: "more" });
    const result = await send(round, change, ports);
    if (result.failure !== null) {
      const failed = { count: failures.count + 1, since: failures.since ?? ports.clock() };
      const now = ports.clock();
      const setback = planSetback(failed, result.failure, { now, random: ports.random(), putOff: result.putOff });
      const status = setback.isFailing ? "failed" : "retrying";
      recorder.add({ attempts: [toAttempt(change, result, status)], cursor: null, setback });
      const { nextAttemptAt } = setback;
      return endRound(recorder, nextAttemptAt === null ? { kind: "stopped" } : { kind: "due", at: nextAttemptAt });
    }
    failures = { count: 0, since: null };
    recorder.add({ attempts: [toAttempt(change, result, "delivered")], cursor: change.seq, setback: null });
  }
  if (round.readTo > (round.changes.at(-1)?.seq ?? round.webhook.cursor))
    recorder.add({ attempts: [], cursor: round.readTo, setback: null });
  return endRound(recorder, round.isAtHead && !round.hasMoreResends ? { kind: "idle" } : { kind: "more" });
}

/** What follows once all is written down; nothing that was planned before a superseding change counts. */
async function endRound(recorder: DeliveryRecorder, next: NextStep): Promise<NextStep> {
  await recorder.close();
  return recorder.isSuperseded ? { kind: "superseded" } : next;
}

function send(round: Round, change: Change, ports: CourierPorts): Promise<SendResult> {
  const { webhook, secrets } = round;
  return sendWebhook({ ...webhook, secrets }, publishChange(change, webhook.companyId), ports);
}

function toAttempt(change: Change, result: SendResult, status: DeliveryAttempt["status"]): DeliveryAttempt {
  return { seq: change.seq, mark: change.mark, type: change.type, status, result };
}
