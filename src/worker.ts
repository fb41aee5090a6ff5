import { app } from "./app.ts";
import { DELIVERY_RETENTION, purgeChanges, purgeDeliveries, readRetention } from "./changes/retention.ts";
import { purgeFormerNames, purgeLog, readLogRetention } from "./log/retention.ts";
import { openRegistry } from "./platform/database.ts";
import type { Env } from "./platform/env.ts";
import { sweepWebhooks } from "./writer/sweep-webhooks.ts";

export { DirectoryWriter } from "./writer/directory-writer.ts";
export { WebhookCourier } from "./writer/webhook-courier.ts";

/** The cron of wrangler.toml (minutes): what it does more rarely it does in the first run of an hour. */
const CRON_MINUTES = 5;

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),
  async scheduled({ scheduledTime }, env) {
    await sweepWebhooks(env, scheduledTime);
    if (new Date(scheduledTime).getUTCMinutes() >= CRON_MINUTES) return;
    await purgeDeliveries(openRegistry(env), scheduledTime - DELIVERY_RETENTION);
    await purgeChanges(openRegistry(env), scheduledTime - readRetention(env.CHANGE_RETENTION_DAYS));
    const logged = scheduledTime - readLogRetention(env.LOG_RETENTION_DAYS);
    await purgeLog(openRegistry(env), logged);
    await purgeFormerNames(openRegistry(env), logged);
  },
} satisfies ExportedHandler<Env>;
