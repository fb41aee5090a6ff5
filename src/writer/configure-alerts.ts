import { DAY } from "../platform/clock.ts";
import { randomHex } from "../platform/random-and-hash.ts";
import { ScimError } from "../scim/errors.ts";
import { insertRows } from "../unit/row-statements.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import type { Channel } from "../webhooks/channel-store.ts";
import type { ConfigurationOperation, Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";

type Of<K extends ConfigurationOperation["kind"]> = ConfigurationOperation & { kind: K };

/** Closed alerts are kept for so long (ms). */
const KEPT = 90 * DAY;

/** Has all rules look at the company: what they find is settled when the commit's operations have run. */
export function reviewAlerts({ unit }: OperationContext): Outcome {
  const { config, now } = unit;
  unit.execute("DELETE FROM alerts WHERE company_key = ? AND closed_at < ?", [config.companyKey, now - KEPT]);
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
  if (until === null || until <= unit.now) unit.execute("DELETE FROM planned_work WHERE company_key = ?", [companyKey]);
  else
    unit.execute(
      `INSERT INTO planned_work (company_key, until, note, announced_at) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT (company_key) DO UPDATE SET until = ?2, note = ?3, announced_at = ?4`,
      [companyKey, until, note, unit.now],
    );
  askForReview(unit);
  return { kind: "done", id: companyId };
}

const COLUMNS = ["company_key", "id", "kind", "address", "allows_loopback", "origin", "nonce", "created_at"];

/** Gives a company these channels and no others; those that it has stay as they are, and a new e-mail address is asked to confirm. */
export function setChannels(context: OperationContext, { channels, origin }: Of<"setChannels">): Outcome {
  const { unit } = context;
  const { companyKey, companyId } = unit.config;
  const isSame = (one: Pick<Channel, "kind" | "address">) => (other: Pick<Channel, "kind" | "address">) =>
    one.kind === other.kind && one.address === other.address;
  for (const channel of unit.config.channels.filter((one) => !channels.some(isSame(one)))) {
    unit.execute("DELETE FROM messages WHERE company_key = ? AND channel_id = ?", [companyKey, channel.id]);
    unit.execute("DELETE FROM message_channels WHERE company_key = ? AND id = ?", [companyKey, channel.id]);
  }
  const fresh = channels.filter((one, index) => channels.findIndex(isSame(one)) === index);
  for (const channel of fresh.filter((one) => !unit.config.channels.some(isSame(one)))) {
    const id = unit.allocateId();
    const nonce = channel.kind === "email" ? randomHex(16) : null;
    const row = [
      companyKey,
      id,
      channel.kind,
      channel.address,
      channel.allowsLoopback ? 1 : 0,
      origin,
      nonce,
      unit.now,
    ];
    unit.executeAll(insertRows("message_channels", COLUMNS, [row]));
    if (nonce !== null) askToConfirm(unit, id);
  }
  askForReview(unit);
  return { kind: "done", id: companyId };
}

/** How long after a link another one may be asked for (ms). */
const LINK_PAUSE = 10 * 60_000;

/** Sends the link that confirms an address once more; the one before is good for nothing then. */
export function askAgain({ unit }: OperationContext, { channelId }: Of<"askAgain">): Outcome {
  const channel = requireChannel(unit, channelId);
  if (channel.kind === "chat" || channel.confirmedAt !== null) return { kind: "done", id: channelId };
  const last = Math.max(channel.lastSentAt ?? 0, channel.createdAt);
  if (unit.now - last < LINK_PAUSE)
    throw new ScimError(
      "rate_limited",
      "A link was sent a moment ago. Wait ten minutes before you ask for another one.",
    );
  unit.execute("UPDATE message_channels SET nonce = ? WHERE company_key = ? AND id = ?", [
    randomHex(16),
    unit.config.companyKey,
    channelId,
  ]);
  askToConfirm(unit, channelId);
  return { kind: "done", id: channelId };
}

/** Confirms an address by what its link carries, once; refused when the link was used, or the address is gone. */
export function confirmChannel({ unit }: OperationContext, { channelId, nonce }: Of<"confirmChannel">): Outcome {
  const { companyKey } = unit.config;
  requireChannel(unit, channelId);
  unit.execute(
    "UPDATE message_channels SET confirmed_at = ?, nonce = NULL WHERE company_key = ? AND id = ? AND nonce = ?",
    [unit.now, companyKey, channelId, nonce],
  );
  askForReview(unit);
  return { kind: "done", id: channelId };
}

function requireChannel({ config }: UnitOfWork, id: string): Channel {
  const channel = config.channels.find((each) => each.id === id);
  if (channel === undefined) throw new ScimError("no_such_channel", "This address is not there any more.");
  return channel;
}

function askToConfirm(unit: UnitOfWork, channelId: string): void {
  const { companyKey, name } = unit.config;
  const subject = `Confirm that alerts of ${name} may come here`;
  const text = [
    `Somebody at ${name} wants Rollcall to send alerts to this address: when provisioning fails or goes silent, when a credential is about to end, when something waits for a decision.`,
    "If that is right, open this address within three days and confirm. It works once.",
    "{origin}/console/confirm/{confirm}",
    "If not, do nothing: no other message will come.",
  ].join("\n\n");
  unit.executeAll(
    insertRows(
      "messages",
      ["company_key", "channel_id", "subject", "text", "confirms", "created_at", "next_attempt_at"],
      [[companyKey, channelId, subject, text, 1, unit.now, unit.now]],
    ),
  );
  unit.makesMessages = true;
}

/** Has the rules look soon: who is told, and when, has changed. */
function askForReview(unit: UnitOfWork): void {
  unit.alertsDueAt = unit.now;
  unit.startsTerm = true;
}
