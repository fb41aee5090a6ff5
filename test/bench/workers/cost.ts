import type { Env } from "../../../src/platform/env.ts";
import { costOfRequests } from "./cost-of-requests.ts";

export { CompanyShare } from "../../../src/companies/share-durable-object.ts";
export { Messenger } from "../../../src/webhooks/alert-messages/messenger-durable-object.ts";
export { WebhookCourier } from "../../../src/webhooks/courier-durable-object.ts";
export { DirectoryWriter } from "../../../src/writer/writer-durable-object.ts";

/** Counts what requests write; asked for `/bench/cost?waves=N`. */
export default {
  async fetch(request, env) {
    const waves = Number(new URL(request.url).searchParams.get("waves"));
    return Response.json(await costOfRequests(env, waves));
  },
} satisfies ExportedHandler<Env>;
