import type { Database } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import { openPlaced } from "../platform/place-durable-object.ts";
import { runRead, selectValue } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { describeError } from "../platform/transient-fault.ts";

/** The statement, beside the one that stops a webhook or lets it go on, that has its company's alerts looked at. */
export function alertReviewOf(webhookKey: number, now: number): Sql {
  return sql`UPDATE companies SET alerts_due_at = ${now}
    WHERE company_key = (SELECT company_key FROM webhooks WHERE webhook_key = ${webhookKey}) AND deleted_at IS NULL`;
}

/** What the object that writes for a company answers to. */
interface WriterObject {
  resume(companyId: string): Promise<void>;
}

/** Has the writer of a webhook's company look at its alerts soon; what cannot be told now the sweep finds in D1. */
export async function requestReview(env: Env, { d1 }: Database, webhookKey: number): Promise<void> {
  try {
    const ofWebhook = sql`SELECT c.id FROM webhooks w JOIN companies c ON c.company_key = w.company_key
      WHERE w.webhook_key = ${webhookKey}`;
    const companyId = await runRead({ d1 }, selectValue<string>(ofWebhook));
    if (companyId === null) return;
    // The writer's room is above this one: its object is known here by what it answers to.
    const writer = openPlaced<WriterObject>(env, env.WRITER, companyId);
    await writer.resume(companyId);
  } catch (error) {
    const about = { message: "a writer could not be asked to look at alerts", webhookKey };
    console.error(JSON.stringify({ level: "error", room: "webhooks", ...about, error: describeError(error) }));
  }
}
