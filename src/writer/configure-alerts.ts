import { DAY } from "../platform/clock.ts";
import { sql } from "../platform/sql.ts";
import { ScimError } from "../scim/scim-error.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import { askForReview, forgetLinks } from "./configure-channels.ts";
import type { ConfigurationOperation, Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";

type Of<K extends ConfigurationOperation["kind"]> = ConfigurationOperation & { kind: K };

/** Closed alerts are kept for so long (ms). */
const KEPT = 90 * DAY;

/** Has all rules look at the company: what they find is settled when the commit's operations have run. */
export function reviewAlerts({ unit }: OperationContext): Outcome {
  const { config, now } = unit;
  unit.execute(sql`DELETE FROM alerts WHERE company_key = ${config.companyKey} AND closed_at < ${now - KEPT}`);
  forgetLinks(unit);
  return { kind: "done", id: config.companyId };
}

/** Wants how many people there are, which one of the rules is about. */
export function foreseeReview({ people }: UnitOfWork): void {
  people.want("all");
}

/** Puts an alert aside: it is told no more, and stays so until what it is about is over. */
export function dismissAlert({ unit }: OperationContext, { alertId }: Of<"dismissAlert">): Outcome {
  const alert = unit.alerts.get(alertId);
  // The door found it; one that was over a day ago is not kept here.
  if (alert === undefined || alert.closedAt !== null)
    throw new ScimError("alert_closed", "This alert is over already.");
  if (alert.status === "open") unit.alerts.set(alertId, { ...alert, status: "dismissed", dismissedAt: unit.now });
  return { kind: "done", id: alertId };
}

/** Forgets the refused writes of a code that no alert was opened for. */
export function dismissFailing(context: OperationContext, { settingId, code }: Of<"dismissFailing">): Outcome {
  const setting = context.requireSetting(settingId);
  const { failingWrites } = context.unit;
  for (const [key, row] of failingWrites.entries())
    if (row.settingKey === setting.key && row.code === code) failingWrites.set(key, undefined);
  return { kind: "done", id: settingId };
}

/** Announces work until a time, under which no message is sent; a time that is over ends what was announced. */
export function planWork({ unit }: OperationContext, { until, note }: Of<"planWork">): Outcome {
  const { companyKey, companyId } = unit.config;
  if (until === null || until <= unit.now)
    unit.execute(sql`DELETE FROM planned_work WHERE company_key = ${companyKey}`);
  else
    unit.execute(
      sql`INSERT INTO planned_work (company_key, until, note, announced_at)
        VALUES (${companyKey}, ${until}, ${note}, ${unit.now})
        ON CONFLICT (company_key) DO UPDATE SET until = ${until}, note = ${note}, announced_at = ${unit.now}`,
    );
  askForReview(unit);
  return { kind: "done", id: companyId };
}
