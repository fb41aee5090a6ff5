import { purgeChanges, readRetention } from "./changes/purge-changes.ts";
import { purgeConsoleLinks } from "./companies/console-link-store.ts";
import { purgeSessions } from "./companies/console-session-store.ts";
import { copyToRegistry, databasesToCopy } from "./companies/copy-to-registry.ts";
import { KEY_RETENTION, purgeIdempotencyKeys } from "./companies/idempotency-store.ts";
import { purgeFormerNames, purgeLog, readLogRetention } from "./log/purge-log.ts";
import { DAY } from "./platform/clock.ts";
import { openDatabases, openRegistry } from "./platform/database.ts";
import type { Env } from "./platform/env.ts";
import { runJob } from "./platform/run-scheduled-job.ts";
import { logWeakSecrets } from "./platform/secret-strength.ts";
import { sweepMessages } from "./webhooks/alert-messages/sweep-messages.ts";
import { DELIVERY_RETENTION, purgeDeliveries } from "./webhooks/purge-deliveries.ts";
import { followRotation } from "./webhooks/reseal-webhook-secrets.ts";
import { sweepWebhooks } from "./webhooks/sweep-webhooks.ts";
import { sweepFollowUps } from "./writer/sweep-follow-ups.ts";

/** The cron of wrangler.toml (minutes): what it does more rarely it does in the first run of an hour. */
const CRON_MINUTES = 1;

/** Does the jobs that are due by the time (ms) for which a run was planned, one after another. */
export async function runSchedule(env: Env, now: number): Promise<void> {
  logWeakSecrets(env, now);
  const databases = openDatabases(env);
  await runJob("seal webhook secrets anew", () => followRotation(env, now));
  for (const database of databases) {
    await runJob("wake couriers", () => sweepWebhooks(env, database, now));
    await runJob("wake messengers", () => sweepMessages(env, database, now));
    await runJob("wake writers", () => sweepFollowUps(env, database, now));
  }
  for (const database of databasesToCopy(env))
    await runJob("tell the registry of companies", () => copyToRegistry(env, database));
  if (new Date(now).getUTCMinutes() >= CRON_MINUTES) return;
  await runJob("purge console sessions", () => purgeSessions(openRegistry(env), now - DAY));
  await runJob("purge console links", () => purgeConsoleLinks(openRegistry(env), now - DAY));
  for (const database of databases) {
    const logged = () => now - readLogRetention(env.LOG_RETENTION_DAYS);
    await runJob("purge deliveries", () => purgeDeliveries(database, now - DELIVERY_RETENTION));
    await runJob("purge changes", () => purgeChanges(database, now - readRetention(env.CHANGE_RETENTION_DAYS)));
    await runJob("purge kept requests", () => purgeIdempotencyKeys(database, now - KEY_RETENTION));
    await runJob("purge the log", () => purgeLog(database, logged()));
    await runJob("purge former names", () => purgeFormerNames(database, logged()));
  }
}
