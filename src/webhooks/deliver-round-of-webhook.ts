import { systemClock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import type { CourierRound } from "./courier.ts";
import { loadRound, recordReport } from "./delivery-store.ts";
import { requestReview } from "./request-alert-review.ts";
import { deliver, type NextStep } from "./run-delivery-round.ts";

/** Makes one round of a webhook's deliveries, from its database to its receiver; gives what its courier does next. */
export async function deliverRoundOfWebhook(
  env: Env,
  database: Database,
  webhookKey: number,
  round: CourierRound,
): Promise<NextStep> {
  const next = await deliver({
    load: () => loadRound(database, webhookKey, env, { now: systemClock(), ...round }),
    record: (loaded, report) => recordReport(database, loaded, report, systemClock()),
    fetch: (url, init) => fetch(url, init),
    clock: systemClock,
    random: () => Math.random(),
    ...round,
  });
  if (next.kind === "stopped") await requestReview(env, database, webhookKey);
  return next;
}
