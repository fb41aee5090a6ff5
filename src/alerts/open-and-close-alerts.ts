import { type Alert, type Finding, keyOf } from "./alert.ts";
import { toldOfLate } from "./plan-messages.ts";

/** What findings make of the alerts that are known. */
interface OpenedAndClosed {
  opened: Alert[];
  changed: Alert[];
  closed: Alert[];
}

/** What is known, and what was found of the part of it that was judged. */
interface Judged {
  /** Those that are open or dismissed, and those closed within the last day. */
  known: Iterable<Alert>;
  findings: readonly Finding[];
  isJudged(alert: Alert): boolean;
  now: number;
  makeId(): string;
}

/** Opens what is new, brings what goes on up to date, and closes what is no more; a dismissed alert stays so until it is over. */
export function openAndCloseAlerts({ known, findings, isJudged, now, makeId }: Judged): OpenedAndClosed {
  const alerts = [...known];
  const living = new Map(alerts.filter(({ closedAt }) => closedAt === null).map((alert) => [keyOf(alert), alert]));
  const found = new Set(findings.map(keyOf));
  const opened = findings
    .filter((finding) => !living.has(keyOf(finding)))
    .map((finding): Alert => {
      const toldAt = toldOfLate(alerts, finding, now);
      return { ...finding, id: makeId(), status: "open", toldAt, dismissedAt: null, closedAt: null };
    });
  const changed = findings.flatMap((finding) => {
    const before = living.get(keyOf(finding));
    return before !== undefined && isNews(before, finding) ? [renew(before, finding, now)] : [];
  });
  const closed = [...living.values()]
    .filter((alert) => isJudged(alert) && !found.has(keyOf(alert)))
    .map((alert): Alert => ({ ...alert, status: "closed", closedAt: now }));
  return { opened, changed, closed };
}

/** How much of a quota is used changes with every person, and is worth no row of its own. */
function isNews(before: Alert, { count, facts }: Finding): boolean {
  return count > before.count || (before.kind === "hold" && count !== before.count) || unlike(before.facts, facts);
}

function unlike(before: Finding["facts"], after: Finding["facts"]): boolean {
  const worth = ({ code, title, advice, requestIds, refused, used, ...rest }: Finding["facts"]) => JSON.stringify(rest);
  return worth(before) !== worth(after);
}

/** Of refused writes it keeps all requests behind it, those too that were made good meanwhile. */
function renew(before: Alert, { count, facts }: Finding, now: number): Alert {
  const requestIds = [...new Set([...(before.facts.requestIds ?? []), ...(facts.requestIds ?? [])])].sort().slice(-50);
  const merged = facts.requestIds === undefined ? facts : { ...before.facts, ...facts, requestIds };
  return { ...before, count, lastSeenAt: now, facts: merged };
}
