import { DAY } from "../platform/clock.ts";
import { type Alert, type AlertKind, earliest, type Finding, keyOf } from "./alert.ts";

const MINUTE = DAY / 1440;

/** Alerts of these kinds that are about one thing go in one message. */
type Topic = "holds" | "silence" | "failures" | "credentials" | "quotas" | "webhooks";

interface Manner {
  topic: Topic;
  /** How long an alert has to be open before it is told (ms): others of its kind come along, and what passes is never told. */
  after: number;
  /** How long after a message of the topic the next one about another alert may follow (ms). */
  apart: number;
}

/** How each kind is told. */
const MANNERS: Record<AlertKind, Manner> = {
  // Its rule has waited for ten minutes already.
  hold: { topic: "holds", after: 0, apart: 0 },
  silent: { topic: "silence", after: MINUTE, apart: 0 },
  failing: { topic: "failures", after: 10 * MINUTE, apart: 60 * MINUTE },
  credential_ending: { topic: "credentials", after: MINUTE, apart: 0 },
  credential_ended: { topic: "credentials", after: MINUTE, apart: 0 },
  no_credential: { topic: "credentials", after: MINUTE, apart: 0 },
  quota: { topic: "quotas", after: MINUTE, apart: 60 * MINUTE },
  webhook: { topic: "webhooks", after: 10 * MINUTE, apart: 0 },
};

/** Kinds that may come and go within a day: one that was told is not told anew when it comes again so soon. */
const MAY_FLICKER: ReadonlySet<AlertKind> = new Set(["failing", "quota"]);

/** How many days before its end a credential is told again. */
const DAYS_LEFT = [14, 7, 1];

/** A message that is due: about these alerts, for the first time of any or again. */
export interface DueMessage {
  topic: Topic;
  isReminder: boolean;
  alerts: Alert[];
}

/** What is due to be told now, and when something is next (ms). */
interface MessagePlan {
  due: DueMessage[];
  nextAt: number | null;
}

/** What there is to be told; `opened` says when each alert was opened, `quietUntil` until when planned work lasts (ms). */
interface Telling {
  /** Those that are not over, and those closed within the last day. */
  alerts: readonly Alert[];
  openedAt(alert: Alert): number;
  quietUntil: number | null;
  now: number;
}

/** Which messages are due: one for each opening, one reminder a day, one for many of a topic, none during planned work. */
export function planMessages({ alerts, openedAt, quietUntil, now }: Telling): MessagePlan {
  const quiet = quietUntil !== null && quietUntil > now ? quietUntil : now;
  const topics = Map.groupBy(alerts, ({ kind }) => MANNERS[kind].topic);
  const plans = [...topics].map(([topic, ofTopic]): MessagePlan => {
    const last = Math.max(0, ...ofTopic.map(({ toldAt }) => toldAt ?? 0));
    const times = new Map(ofTopic.filter(isOpen).flatMap((alert) => dueOf(alert, openedAt(alert), last)));
    const isDue = quiet <= now && [...times.values()].some((time) => time <= now);
    const nextAt = earliest([...times.values()].filter((time) => time > now));
    if (!isDue) return { due: [], nextAt: quiet > now && times.size > 0 ? quiet : nextAt };
    const told = [...times].filter(([alert, time]) => time <= now || alert.toldAt === null).map(([alert]) => alert);
    return { due: [{ topic, isReminder: told.every(({ toldAt }) => toldAt !== null), alerts: told }], nextAt };
  });
  return { due: plans.flatMap(({ due }) => due), nextAt: earliest(plans.map(({ nextAt }) => nextAt)) };
}

function isOpen({ status }: Alert): boolean {
  return status === "open";
}

/** When an alert is to be told next, if ever. */
function dueOf(alert: Alert, openedAt: number, last: number): [Alert, number][] {
  const { kind, toldAt, facts } = alert;
  const { after, apart } = MANNERS[kind];
  if (toldAt === null) return [[alert, Math.max(openedAt + after, last === 0 ? 0 : last + apart)]];
  if (kind === "credential_ended") return [];
  if (kind !== "credential_ending") return [[alert, toldAt + DAY]];
  const days = DAYS_LEFT.map((left) => (facts.expiresAt ?? 0) - left * DAY).filter((time) => time > toldAt);
  return days.length === 0 ? [] : [[alert, Math.min(...days)]];
}

/**
 * When what a finding is about was told within the last day, though that alert is over (ms): the one that opens now counts as
 * told then, and is not sent out anew. Null where it was not, and for kinds that do not flicker.
 */
export function toldOfLate(alerts: readonly Alert[], finding: Finding, now: number): number | null {
  if (!MAY_FLICKER.has(finding.kind)) return null;
  const times = alerts.filter((alert) => keyOf(alert) === keyOf(finding)).map(({ toldAt }) => toldAt ?? 0);
  const latest = Math.max(0, ...times);
  return latest > now - DAY ? latest : null;
}
