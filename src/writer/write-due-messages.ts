import type { Alert } from "../alerts/alert.ts";
import { writeMessage } from "../alerts/alert-words.ts";
import { planMessages } from "../alerts/plan-messages.ts";
import { DAY } from "../platform/clock.ts";
import { timeOfId } from "../platform/uuid.ts";
import { insertRows } from "../unit/row-statements.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import { isReady } from "../webhooks/alert-messages/channel-store.ts";

const COLUMNS = ["company_key", "channel_id", "subject", "text", "created_at", "next_attempt_at"];

/**
 * Makes the messages that are due, in a review; gives when some are due next (ms). A company without a channel has none, and
 * is told of what is open then when it gets one.
 */
export function writeDueMessages(unit: UnitOfWork, isReview: boolean): number | null {
  const { config, now, alerts } = unit;
  const channels = config.channels.filter(isReady);
  if (channels.length === 0) return null;
  const quietUntil = config.plannedWork?.until ?? null;
  const all = [...alerts.entries().values()].filter(({ closedAt }) => closedAt === null || closedAt > now - DAY);
  const plan = planMessages({ alerts: all, openedAt: ({ id }) => timeOfId(id), quietUntil, now });
  if (!isReview) return plan.due.length > 0 ? now : plan.nextAt;
  const nameOf = ({ settingKey }: Alert) =>
    settingKey === null ? null : (config.settingsByKey.get(settingKey)?.name ?? null);
  for (const due of plan.due) {
    const about = { companyId: config.companyId, companyName: config.name, nameOf };
    const { subject, text } = writeMessage(due, about);
    const rows = channels.map(({ id }) => [config.companyKey, id, subject, text, now, now]);
    unit.executeAll(insertRows("messages", COLUMNS, rows));
    unit.makesMessages = true;
    for (const alert of due.alerts) alerts.set(alert.id, { ...alert, toldAt: now });
  }
  // A reminder of what was told just now is due in a day.
  const told = planMessages({
    alerts: [...alerts.entries().values()],
    openedAt: ({ id }) => timeOfId(id),
    quietUntil,
    now,
  });
  return told.nextAt;
}
