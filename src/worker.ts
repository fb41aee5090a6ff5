import { app } from "./app.ts";
import { DELIVERY_RETENTION, purgeChanges, purgeDeliveries, readRetention } from "./changes/retention.ts";
import { openRegistry } from "./platform/database.ts";
import type { Env } from "./platform/env.ts";
import { sweepWebhooks } from "./writer/sweep-webhooks.ts";

export { DirectoryWriter } from "./writer/directory-writer.ts";
export { WebhookCourier } from "./writer/webhook-courier.ts";

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),
  async scheduled({ scheduledTime }, env) {
    await sweepWebhooks(env, scheduledTime);
    await purgeDeliveries(openRegistry(env), scheduledTime - DELIVERY_RETENTION);
    await purgeChanges(openRegistry(env), scheduledTime - readRetention(env.CHANGE_RETENTION_DAYS));
  },
} satisfies ExportedHandler<Env>;
