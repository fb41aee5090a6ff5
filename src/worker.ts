import { app } from "./app.ts";
import type { Env } from "./platform/env.ts";

export { CompanyShare } from "./companies/share-durable-object.ts";
export { Messenger } from "./webhooks/alert-messages/messenger-durable-object.ts";
export { WebhookCourier } from "./webhooks/courier-durable-object.ts";
export { DirectoryWriter } from "./writer/writer-durable-object.ts";

/** What runs at a Worker's start is what SCIM's first answer needs: jobs, and what Durable Objects do, are late modules. */
export default {
  fetch: (request, env, context) => app.fetch(request, env, context),
  async scheduled({ scheduledTime }, env) {
    const { runSchedule } = await import("./schedule.ts");
    await runSchedule(env, scheduledTime);
  },
} satisfies ExportedHandler<Env>;
