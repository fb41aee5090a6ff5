import type { Env } from "../../../src/platform/env.ts";
import { WebhookCourier as Courier } from "../../../src/webhooks/courier-durable-object.ts";
import worker from "../../../src/worker.ts";
import { DirectoryWriter as Writer } from "../../../src/writer/writer-durable-object.ts";
import { countD1, countKv, countObjects, noCounts } from "./counters.ts";
import { FLOOD_SHIELDS } from "./flood-shields.ts";

export { CompanyShare } from "../../../src/companies/share-durable-object.ts";
export { Messenger } from "../../../src/webhooks/alert-messages/messenger-durable-object.ts";

/** The Workers runtime keeps one isolate here, which the Durable Objects share: one set of counters serves all. */
const counters = noCounts();

/** The product's writer on a D1 that is counted. */
export class DirectoryWriter extends Writer {
  constructor(context: DurableObjectState, env: Env) {
    super(context, { ...env, DB: countD1(env.DB, counters, "objectTrips") });
  }
}

/** The product's courier on a D1 that is counted. */
export class WebhookCourier extends Courier {
  constructor(context: DurableObjectState, env: Env) {
    super(context, { ...env, DB: countD1(env.DB, counters, "objectTrips") });
  }
}

/** The same for all requests, as the runtime's own are: reads share their trips by the database they go to. */
let bindings: Env | undefined;

function countAll(env: Env): Env {
  return {
    ...env,
    ...FLOOD_SHIELDS,
    DB: countD1(env.DB, counters, "requestTrips"),
    TOKENS: countKv(env.TOKENS, counters),
    WRITER: countObjects(env.WRITER, counters),
  };
}

/** The product on bindings that are counted; `/bench/counters` gives the counts and starts anew. */
export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname === "/bench/counters") {
      const answer = Response.json(counters);
      Object.assign(counters, noCounts());
      return answer;
    }
    bindings ??= countAll(env);
    return worker.fetch(request, bindings, context);
  },
} satisfies ExportedHandler<Env>;
