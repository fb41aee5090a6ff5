import { app } from "../../src/app.ts";
import { openDatabases } from "../../src/platform/database.ts";
import type { Env } from "../../src/platform/env.ts";
import { WebhookCourier as RealCourier } from "../../src/webhooks/courier-durable-object.ts";
import { sweepWebhooks } from "../../src/webhooks/sweep-webhooks.ts";
import { Committer } from "../../src/writer/committer.ts";
import type { WriteRequest, WriteResult } from "../../src/writer/operation.ts";
import { DirectoryWriter as RealWriter } from "../../src/writer/writer-durable-object.ts";
import { UNHEARD } from "../writer/unheard.ts";
import { FAULTS_PATH, type FaultPlan } from "./fault-plan.ts";
import { faults, faultyBindings, mortalBindings, pause } from "./faulty-bindings.ts";

export { CompanyShare } from "../../src/companies/share-durable-object.ts";
export { Messenger } from "../../src/webhooks/alert-messages/messenger-durable-object.ts";

/** The product's courier on bindings that fail as planned. */
export class WebhookCourier extends RealCourier {
  constructor(context: DurableObjectState, env: Env) {
    super(context, mortalBindings(context, env));
  }
}

/** The product's writer on bindings that fail as planned; it dies before or after a batch of D1, or lacks a guard. */
export class DirectoryWriter extends RealWriter {
  #unqueued: Committer | null = null;

  constructor(context: DurableObjectState, env: Env) {
    super(
      context,
      faultyBindings(env, () => failAsPlanned(context)),
    );
  }

  override write(companyId: string, request: WriteRequest): Promise<WriteResult> {
    // What the doors of providers ask for; configuration is followed by work that the writer itself queues.
    const { operation, ...rest } = request;
    const isPlanted = faults.plan.plant === "queue-off" && request.tokenId !== undefined;
    if (!isPlanted || operation.kind === "bulk") return super.write(companyId, request);
    this.#unqueued ??= new Committer({ ...UNHEARD, d1: this.env.DB, companyId, clock: Date.now });
    return this.#unqueued
      .run([{ operation, ...rest }])
      .then(([result]) => result ?? Promise.reject(new Error("no result")));
  }
}

async function failAsPlanned(context: DurableObjectState): Promise<void> {
  const { plan, random } = faults;
  // Twins come between each other's read and commit only when these take a while.
  if (plan.isDuplicated) await pause(random.int(6));
  if (!random.chance(plan.abort)) return;
  context.abort("the campaign aborted this writer");
  await new Promise(() => {});
}

export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname === FAULTS_PATH) {
      faults.follow(await request.json<FaultPlan>());
      return new Response(null, { status: 204 });
    }
    return app.fetch(request, faultyBindings(env), context);
  },
  async scheduled({ scheduledTime }, env) {
    for (const database of openDatabases(env)) await sweepWebhooks(env, database, scheduledTime);
  },
} satisfies ExportedHandler<Env>;
