import type { Env } from "../../../src/platform/env.ts";
import worker from "../../../src/worker.ts";
import { DirectoryWriter as Writer } from "../../../src/writer/writer-durable-object.ts";
import { FLOOD_SHIELDS } from "./flood-shields.ts";
import { recordBatches, type SentBatch, texts } from "./record-batches.ts";

export { CompanyShare } from "../../../src/companies/company-share.ts";
export { WebhookCourier } from "../../../src/webhooks/courier-durable-object.ts";
export { Messenger } from "../../../src/webhooks/messenger-durable-object.ts";

/** The batches that each company's writer sent, by the company's id; the isolate is one for the objects and the Worker. */
const batches = new Map<string, SentBatch[]>();

/** The product's writer on a D1 that is recorded. */
export class DirectoryWriter extends Writer {
  constructor(context: DurableObjectState, env: Env) {
    const own: SentBatch[] = batches.get(context.id.name ?? "") ?? [];
    batches.set(context.id.name ?? "", own);
    super(context, { ...env, DB: recordBatches(env.DB, own) });
  }
}

/** The same for all requests, as the runtime's own are. */
let bindings: Env | undefined;

/** The product; `/bench/batches/<company>` gives what its writer sent, and `/bench/texts` the statements' texts. */
export default {
  async fetch(request, env, context) {
    const [, bench, what, company = ""] = new URL(request.url).pathname.split("/");
    if (bench === "bench") return Response.json(what === "texts" ? texts : (batches.get(company) ?? []));
    bindings ??= { ...env, ...FLOOD_SHIELDS };
    return worker.fetch(request, bindings, context);
  },
} satisfies ExportedHandler<Env>;
