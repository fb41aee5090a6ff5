/** What an alert can be about. */
export const ALERT_KINDS = [
  "hold",
  "silent",
  "failing",
  "credential_ending",
  "credential_ended",
  "no_credential",
  "quota",
  "webhook",
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** Whether an alert wants somebody, was put aside by somebody, or is over. */
export const ALERT_STATUSES = ["open", "dismissed", "closed"] as const;
export type AlertStatus = (typeof ALERT_STATUSES)[number];

/** What the words of an alert are made of; nothing in it names a person. */
export interface AlertFacts {
  /** The id of a hold, and what the brake stopped. */
  holdKind?: string;
  /** Of a silent setting: when it was last heard of, and how long it may be quiet (ms). */
  lastAt?: number;
  limit?: number;
  /** Of refused writes: the code, why in words, and the latest requests behind it. */
  code?: string;
  title?: string;
  advice?: string;
  requestIds?: string[];
  /** How many were refused; not there where a refusal is of nobody in particular. */
  refused?: number;
  /** Of a credential. */
  credential?: "token" | "secret" | "trust";
  lastFour?: string;
  expiresAt?: number;
  clientId?: string;
  /** Of a quota. */
  quota?: string;
  used?: number;
  most?: number;
  /** Of a webhook: where it goes, and why it stopped. */
  host?: string;
  reason?: string;
}

/** What a rule finds: that something is so, whatever was known of it before. */
export interface Finding {
  kind: AlertKind;
  settingKey: number | null;
  /** What of the setting, or of the company, it is about. */
  subject: string;
  since: number;
  lastSeenAt: number;
  count: number;
  facts: AlertFacts;
}

/** An alert; times in milliseconds. */
export interface Alert extends Finding {
  id: string;
  status: AlertStatus;
  /** When a message about it was last made. */
  toldAt: number | null;
  dismissedAt: number | null;
  closedAt: number | null;
}

/** What a rule says: what is so, and when it has to be asked again though nothing happens (ms); null for never. */
export interface Verdict {
  found: Finding[];
  nextAt: number | null;
}

/** The earliest of some times, or null when there is none. */
export function earliest(times: readonly (number | null | undefined)[]): number | null {
  const known = times.filter((time) => typeof time === "number");
  return known.length === 0 ? null : Math.min(...known);
}

/** Names what an alert is about, the same for each opening. */
export function keyOf({ kind, settingKey, subject }: Pick<Finding, "kind" | "settingKey" | "subject">): string {
  return `${kind} ${settingKey ?? ""} ${subject}`;
}
