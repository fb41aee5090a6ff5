import { app } from "./app.ts";
import { DELIVERY_RETENTION, purgeChanges, purgeDeliveries, readRetention } from "./changes/retention.ts";
import { purgeEndedSessions } from "./console/ended-session-store.ts";
import { purgeFormerNames, purgeLog, readLogRetention } from "./log/retention.ts";
import { openDatabases, openRegistry } from "./platform/database.ts";
import type { Env } from "./platform/env.ts";
import { sweepWebhooks } from "./webhooks/sweep-webhooks.ts";
import { sweepFollowUps } from "./writer/sweep-follow-ups.ts";

export { WebhookCourier } from "./webhooks/webhook-courier.ts";
export { DirectoryWriter } from "./writer/directory-writer.ts";

/** The cron of wrangler.toml (minutes): what it does more rarely it does in the first run of an hour. */
const CRON_MINUTES = 5;

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),
  async scheduled({ scheduledTime }, env) {
    await sweepWebhooks(env, scheduledTime);
    await sweepFollowUps(env, scheduledTime);
    if (new Date(scheduledTime).getUTCMinutes() >= CRON_MINUTES) return;
    await purgeEndedSessions(openRegistry(env), scheduledTime);
    const logged = scheduledTime - readLogRetention(env.LOG_RETENTION_DAYS);
    for (const database of openDatabases(env)) {
      await purgeDeliveries(database, scheduledTime - DELIVERY_RETENTION);
      await purgeChanges(database, scheduledTime - readRetention(env.CHANGE_RETENTION_DAYS));
      await purgeLog(database, logged);
      await purgeFormerNames(database, logged);
    }
  },
} satisfies ExportedHandler<Env>;
