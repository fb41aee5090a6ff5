import { isNear, type QuotaName } from "../companies/quotas.ts";
import { DAY } from "../platform/clock.ts";
import { type AlertFacts, earliest, type Finding, type Verdict } from "./alert.ts";

/** How long a hold may be open before it is told (ms): clients empty and refill groups. */
const HOLD_PATIENCE = DAY / 144;

/** An open hold. */
interface OpenHold {
  id: string;
  settingKey: number;
  kind: string;
  people: number;
  openedAt: number;
}

/** Which holds have been open for ten minutes. */
export function judgeHolds(holds: readonly OpenHold[], now: number): Verdict {
  const isDue = ({ openedAt }: OpenHold) => openedAt + HOLD_PATIENCE <= now;
  const found = holds.filter(isDue).map(({ id, settingKey, kind, people, openedAt }): Finding => {
    const facts: AlertFacts = { holdKind: kind };
    return { kind: "hold", settingKey, subject: id, since: openedAt, lastSeenAt: openedAt, count: people, facts };
  });
  const waiting = holds.filter((hold) => !isDue(hold)).map(({ openedAt }) => openedAt + HOLD_PATIENCE);
  return { found, nextAt: earliest(waiting) };
}

/** How much of a quota is used; of credentials the setting with the most. */
export interface UsedQuota {
  name: QuotaName;
  used: number;
  limit: number;
}

/** Which quotas are used by 80 % or more. */
export function judgeQuotas(quotas: readonly UsedQuota[], now: number): Verdict {
  const found = quotas
    .filter(({ used, limit }) => isNear(used, limit) && used > 0)
    .map(({ name, used, limit }): Finding => {
      const facts: AlertFacts = { quota: name, used, most: limit };
      return { kind: "quota", settingKey: null, subject: name, since: now, lastSeenAt: now, count: 1, facts };
    });
  return { found, nextAt: null };
}

/** A webhook as far as the rule goes. */
interface JudgedWebhook {
  id: string;
  url: string;
  isEnabled: boolean;
  isFailing: boolean;
  failure: string | null;
}

/** Which webhooks stand still by themselves; one that somebody switched off does as it was told. */
export function judgeWebhooks(webhooks: readonly JudgedWebhook[], now: number): Verdict {
  const found = webhooks
    .filter(({ isEnabled, isFailing }) => isEnabled && isFailing)
    .map(({ id, url, failure }): Finding => {
      // The rest of an address may be a secret.
      const facts: AlertFacts = { host: new URL(url).host, ...(failure !== null && { reason: failure }) };
      return { kind: "webhook", settingKey: null, subject: id, since: now, lastSeenAt: now, count: 1, facts };
    });
  return { found, nextAt: null };
}
